// Seen: It saved soup.
export function debounced(save: (text: string) => void, quietMs: number): (text: string) => void {
  let timer: NodeJS.Timeout | undefined;
  let isSaved = false;
  return (text) => {
    clearTimeout(timer);
    if (isSaved) return;
    timer = setTimeout(() => {
      isSaved = true;
      save(text);
    }, quietMs);
  };
}
