/** Which addresses of a KurrentDB cluster are taken, and that a refused one is never quoted. */
import { describe, expect, it } from '@jest/globals';
import { wrongWith } from './connection.js';

describe('the address of KurrentDB', () => {
  it.each([
    'kurrentdb://localhost:2113?tls=false',
    'kurrentdb://db.example',
    'kurrentdb://user:pass%40word@db.example:2113/?tls=true&tlsCaFile=/etc/ca.pem',
    'kurrentdb+discover://cluster.example:2113?maxDiscoverAttempts=3&gossip_timeout=5',
    'kurrentdb://a.example:2113,b.example:2113,c.example:2113?nodePreference=leader',
    'esdb://localhost:2113?tls=false&defaultDeadline=5000',
    'esdb+discover://cluster.example',
  ])('is taken as %s', (address) => {
    expect(wrongWith(address)).toBeUndefined();
  });
  it.each([
    ['http://secret@db.example:2113', 'must be an address like kurrentdb://'],
    ['kurrentdb://', 'must be an address like kurrentdb://'],
    ['kurrentdb://user:sec ret@db.example', 'must be an address like kurrentdb://'],
    ['kurrentdb://user:secret@db.example?tls=secret', 'has a wrong value for tls'],
    ['kurrentdb://user:secret@db.example?secret=1', 'has an option that is not known here'],
    ['kurrentdb://user:secret@db.example?tlsVerifyCert=false', 'has an option that is not known here'],
    ['kurrentdb://user:secret@db.example?nodePreference=follower', 'has a wrong value for nodepreference'],
    ['kurrentdb://user:secret@db.example?defaultDeadline=secret', 'has a wrong value for defaultdeadline'],
  ])('is refused without a word of what it held: case of %#', (address, words) => {
    const wrong = wrongWith(address);
    expect(wrong).toContain(words);
    expect(wrong).not.toContain('secret');
  });
});
