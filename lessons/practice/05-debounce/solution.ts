// Each call takes the place of the one before it: the old timer goes, and a new one starts with the newest
// text.
export function debounced(save: (text: string) => void, quietMs: number): (text: string) => void {
  let timer: NodeJS.Timeout | undefined;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => save(text), quietMs);
  };
}
