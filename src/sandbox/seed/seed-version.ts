/**
 * Tells what is seeded from what earlier versions seeded, whose states may still be kept: the beginning of a digest of
 * the default business, which a test compares.
 */
export const seedVersion = "e8f00aec8cd0";
