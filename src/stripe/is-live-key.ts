/** True for every key that is not plainly a test key: a key of an unknown form is treated with a live one's care. */
export function isLiveKey(apiKey: string): boolean {
  return !apiKey.includes("_test_");
}
