/** A toy cipher for simulations: the same input gives the same text on every run, without a thread pool. NOT SECURE. */
import { createHmac } from 'node:crypto';

const counterBytes = 6;
const tagBytes = 16;

/** Simulations may use what follows; an installation for real people refuses to start with it. */
export function refuseInProduction(name: string, production: boolean | undefined): void {
  if (production) throw new Error(`${name} hides nothing from an attacker and is for simulations and tests only.`);
}

/** A key that depends on every part and on where one part ends. */
export const simulatedKey = (...parts: readonly string[]): Buffer => mac('simulated', JSON.stringify(parts));

export const mac = (key: string | Uint8Array, data: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** Two calls with different numbers give different texts for the same input, as a real cipher does. */
export function conceal(key: Uint8Array, number: number, text: string): string {
  const counter = Buffer.alloc(counterBytes);
  counter.writeUIntBE(number, 0, counterBytes);
  const plain = Buffer.concat([counter, Buffer.from(text, 'utf8')]);
  const tag = mac(key, plain).subarray(0, tagBytes);
  return Buffer.concat([tag, xor(plain, key, tag)]).toString('base64url');
}

/** The text, or undefined when this key did not conceal exactly these characters. */
export function reveal(key: Uint8Array, concealed: string): string | undefined {
  const bytes = fromBase64url(concealed);
  if (!bytes || bytes.length < tagBytes + counterBytes) return undefined;
  const tag = bytes.subarray(0, tagBytes);
  const plain = xor(bytes.subarray(tagBytes), key, tag);
  return mac(key, plain).subarray(0, tagBytes).equals(tag) ? plain.subarray(counterBytes).toString('utf8') : undefined;
}

/** Undefined for anything but the one spelling that encoding gives; leniency would let a changed character pass. */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function xor(data: Uint8Array, key: Uint8Array, tag: Uint8Array): Buffer {
  const blockBytes = 32;
  const result = Buffer.from(data);
  for (let start = 0; start < result.length; start += blockBytes) {
    const block = mac(key, Buffer.concat([tag, Buffer.from(`block ${start}`)]));
    for (let index = start; index < Math.min(start + blockBytes, result.length); index++) {
      result.writeUInt8(result.readUInt8(index) ^ block.readUInt8(index - start), index);
    }
  }
  return result;
}
