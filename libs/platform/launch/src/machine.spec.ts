/** What the machine allows a service. */
import { describe, expect, it } from '@jest/globals';
import { rememberingFor } from './machine.js';

describe('how much of the log a service remembers', () => {
  it('is a quarter of the memory that it may use, and neither nothing nor all that there is', () => {
    expect(rememberingFor(400_000_000).ofStreams).toBe(100_000_000);
    expect(rememberingFor(1_000_000).ofStreams).toBe(16_000_000);
    expect(rememberingFor(64_000_000_000).ofStreams).toBe(256_000_000);
  });
});
