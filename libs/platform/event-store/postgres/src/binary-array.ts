/** An array of texts as PostgreSQL takes it in binary: nothing is quoted here and nothing unquoted there, which for long texts is most of the work. */

/** Numbers of built-in types, the same in every PostgreSQL. Both are sent as plain UTF-8. */
const typeIds = { text: 25, json: 114 } as const;
const headerBytes = 20;
/** Of UTF-8 for each unit of a JavaScript string, at most. */
const mostBytes = 3;

/** One dimension, counted from 1, without nulls. Texts must be well-formed: the driver sends a buffer as it is. */
export function binaryArray(type: keyof typeof typeIds, texts: readonly string[]): Buffer {
  const room = texts.reduce((sum, { length }) => sum + 4 + mostBytes * length, headerBytes);
  const buffer = Buffer.allocUnsafe(room);
  [1, 0, typeIds[type], texts.length, 1].forEach((part, index) => buffer.writeInt32BE(part, 4 * index));
  let end = headerBytes;
  for (const text of texts) {
    const length = buffer.write(text, end + 4);
    end = buffer.writeInt32BE(length, end) + length;
  }
  return buffer.subarray(0, end);
}
