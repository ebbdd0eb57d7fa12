// Seen: It saved "s" and not "soup".
export function debounced(save: (text: string) => void, quietMs: number): (text: string) => void {
  let lastMs = -Infinity;
  return (text) => {
    const nowMs = performance.now();
    if (nowMs - lastMs >= quietMs) save(text);
    lastMs = nowMs;
  };
}
