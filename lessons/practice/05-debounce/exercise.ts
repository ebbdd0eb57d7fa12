// A guest says "s", "so", "sou", "soup", and the kitchen should hear one word and not four. To debounce is to
// wait until nothing has come for a while, and then to act once.
//
// What is wanted: `debounced(save, quietMs)` returns a function. When it has not been called for `quietMs`
// milliseconds, it calls `save` once, with the text of the last call. The text before each pause is always
// saved.
export function debounced(save: (text: string) => void, quietMs: number): (text: string) => void {
  let isWaiting = false;
  return (text) => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      save(text);
    }, quietMs);
  };
}
