/** What holds for participants and their keys. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { agreementEvents } from './agreement.js';
import { agreements } from './agreements.js';
import { covenantCatalogues } from './catalogue.js';
import history from './participant.history.json' with { type: 'json' };
import { participant, participantEvents, type ParticipantCommand, type ParticipantEvent } from './participant.js';
import { participants } from './participants.js';

const at = '2026-03-10T09:00:00.000Z';
const join = { type: 'JoinCovenant', organisationId: 'uwv', kind: 'uwv', name: 'UWV', at } as const;
const joined: ParticipantEvent = { ...join, type: 'ParticipantJoined' };
const propose = (fingerprint: string, signingKey = `key-${fingerprint}`) =>
  ({ type: 'ProposeKeys', organisationId: 'uwv', signingKey, sealingKey: 'seal', fingerprint, at }) as const;
const proposed = (fingerprint: string): ParticipantEvent => ({ ...propose(fingerprint), type: 'KeysProposed' });
const leave = { type: 'LeaveCovenant', organisationId: 'uwv', at } as const;
const left: ParticipantEvent = { ...leave, type: 'ParticipantLeft' };

describe('a participant', () => {
  it('joins once, under one name', () => {
    expect(given(participant, []).when(join)).toEqual(accept(joined));
    expect(given(participant, [joined]).when({ ...join, name: 'Other' })).toEqual(refuse('already-a-participant'));
  });
  it('proposes keys only while it takes part', () => {
    expect(given(participant, [joined]).when(propose('f1'))).toEqual(accept(proposed('f1')));
    expect(given(participant, []).when(propose('f1'))).toEqual(refuse('not-a-participant'));
    expect(given(participant, [joined, left]).when(propose('f1'))).toEqual(refuse('participant-left'));
    expect(given(participant, [joined, left]).when(join)).toEqual(refuse('participant-left'));
  });
  it('cannot bring other keys under a fingerprint that was compared before, nor old keys back', () => {
    expect(given(participant, [joined, proposed('f1')]).when(propose('f1', 'another'))).toEqual(
      refuse('fingerprint-used-before'),
    );
    expect(given(participant, [joined, proposed('f1'), proposed('f2')]).when(propose('f1'))).toEqual(
      refuse('fingerprint-used-before'),
    );
  });
  it('is listed with its newest keys, and stays listed after it left', () => {
    const row = [joined, proposed('f1'), proposed('f2'), left].reduce(
      (before, event) => participants.apply(before, event, 'uwv', {} as never),
      undefined as ReturnType<typeof participants.apply>,
    );
    expect(row).toMatchObject({ fingerprint: 'f2', signingKey: 'key-f2', takesPart: false });
  });
  it('changes nothing when any command comes twice', () => {
    const pool: ParticipantCommand[] = [
      join,
      { ...join, name: 'Other' },
      propose('f1'),
      propose('f2'),
      propose('f1', 'another'),
      leave,
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(participant, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(participantEvents, history)).toEqual([]);
  });
});

describe('the secretariat', () => {
  it('has no place for anything about a client: no sealed field, no client id, no category but its own', () => {
    expect(covenantCatalogues).toEqual([participantEvents, agreementEvents]);
    const definitions = covenantCatalogues.flatMap((each) => each.definitions);
    expect(definitions.flatMap(({ sealed }) => Object.keys(sealed))).toEqual([]);
    expect(
      definitions.flatMap(({ clear }) => Object.keys(clear)).filter((name) => /client|person|pseudonym/i.test(name)),
    ).toEqual([]);
    const columns = [...Object.values(participants.columns), ...Object.values(agreements.columns)];
    expect(columns.every(({ category }) => category === 'own')).toBe(true);
  });
});
