// Tasks that are split over several processes.

/** Splits `tasks` into at most `processes` shares, as evenly as whole tasks allow. No share is empty. */
export function sharesOf(tasks: number, processes: number): number[] {
  const length = Math.min(tasks, processes);
  return Array.from({ length }, (_, index) => Math.floor((tasks + index) / length));
}
