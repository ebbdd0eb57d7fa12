// Seen: It saved soup, soup, soup and soup.
export function debounced(save: (text: string) => void, quietMs: number): (text: string) => void {
  let last = '';
  return (text) => {
    last = text;
    setTimeout(() => save(last), quietMs * 4);
  };
}
