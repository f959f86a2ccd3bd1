/** Has this process believe that it is so many milliseconds later. */
export function shiftClock(milliseconds) {
  const now = Date.now.bind(Date);
  Date.now = () => now() + milliseconds;
}
