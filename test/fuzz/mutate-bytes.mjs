// Streams of bytes made of well-formed messages by a seed. A byte stands as the character of its number.

const lengths = [0, 1, 3, 4, 5, 7, 8, 255, 256, 1024, 1025, 10_000, 10_001, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const shorts = [0, 1, 2, 255, 1664, 32_767, 32_768, 65_535];

const int32 = (value) => String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const int16 = (value) => String.fromCharCode((value >>> 8) & 255, value & 255);

export function mutateBytes(random, corpus) {
  const pick = (items) => items[Math.floor(random() * items.length)];
  let stream = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(corpus)).join("");
  const place = () => Math.floor(random() * (stream.length + 1));
  const put = (at, part, over = part.length) => {
    stream = stream.slice(0, at) + part + stream.slice(at + over);
  };
  const changes = [
    () => put(place(), String.fromCharCode(Math.floor(random() * 256))),
    () => put(place(), String.fromCharCode(Math.floor(random() * 256)), 0),
    () => put(place(), "", 1 + Math.floor(random() * 8)),
    () => put(place(), int32(pick(lengths))),
    () => put(place(), int16(pick(shorts))),
    () => put(place(), pick(["\0", "\xff", "\xc3", "\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xff\xff\xff\xff"]), 0),
    () => put(place(), pick(corpus), 0),
    () => put(place(), stream.slice(place(), place())),
    () => put(place(), pick(stream || "\0").repeat(1 + Math.floor(random() ** 6 * 20_000)), 0),
    () => {
      stream = stream.slice(0, place());
    },
  ];
  for (let count = Math.floor(random() * 6); count > 0; count -= 1) pick(changes)();
  return stream;
}
