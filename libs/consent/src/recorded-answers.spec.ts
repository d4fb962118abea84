/** What staff may write down for a client who answered on paper or aloud, and what only she can say herself (U19). */
import { describe, expect, it } from '@jest/globals';
import type { Sealed } from '@convenant/kernel';
import type { Answer, DisclosureCommand } from './disclosure-commands.js';
import {
  after,
  happened,
  medicalProposal,
  monday,
  no,
  notToday,
  proposal,
  tuesday,
  wednesday,
  when,
  withdrawal,
  yes,
} from './examples.js';

const byKarin = {
  recordedBy: { person: 'karin', role: 'caseManager' },
  evidence: 'sealed' as Sealed<string>,
  method: 'paper',
} as const;
const written = yes('again', ['K1', 'K2'], { ...byKarin, at: wednesday });
const again = { ...proposal, consentId: 'again' };
const objection: DisclosureCommand = {
  type: 'Object',
  objectionId: 'o-1',
  recipient: 'uwv',
  purpose: 'support',
  by: 'client',
  at: tuesday,
};
const pause: DisclosureCommand = { type: 'Pause', consentId: 'support-uwv', by: 'client', at: wednesday };
const said = yes('support-uwv', ['K1', 'K2', 'K3']);

describe('an answer that staff write down', () => {
  it('is kept with who wrote it down, in which role, and where it can be found', () => {
    expect(happened(again, written).at(-1)).toMatchObject({
      type: 'ConsentGiven',
      by: 'client',
      method: 'paper',
      recordedBy: 'karin',
      recordedByRole: 'caseManager',
      evidence: 'sealed',
    });
    for (const answer of [no('again'), notToday('again')])
      expect(happened(again, { ...answer, ...byKarin } as Answer).at(-1)).toMatchObject({
        recordedBy: 'karin',
        method: 'paper',
      });
  });
  it('is refused without evidence', () =>
    expect(when({ ...written, evidence: undefined } as Answer, again)).toEqual({ refused: 'evidence-missing' }));
  it('is about medical data never theirs to write down', () =>
    expect(when({ ...yes('answer-1', ['K1', 'K5']), ...byKarin } as Answer, medicalProposal)).toEqual({
      refused: 'medical-answer-is-hers',
    }));
  it('is the first answer to a question, and no second one', () => {
    expect(when(written, again, no('again'))).toEqual({ refused: 'no-open-question' });
    expect(when(written, again, notToday('again'))).toEqual({ refused: 'no-open-question' });
    expect(when(written, again, yes('again', ['K1']))).toEqual({ refused: 'no-open-question' });
    expect(when(written, again, written)).toEqual({ accepted: [] });
  });

  it.each<[string, readonly DisclosureCommand[]]>([
    ['no', [no('support-uwv')]],
    ['not today', [notToday('support-uwv')]],
    ['pause', [said, pause]],
    [
      'less than before',
      [said, { type: 'Narrow', consentId: 'support-uwv', remove: ['K3'], by: 'client', at: wednesday }],
    ],
    ['stop', [said, withdrawal('support-uwv')]],
  ])('never outweighs that she said %s herself, also under a question that was put anew', (_what, hers) => {
    expect(when(written, proposal, ...hers, again)).toEqual({ refused: 'she-said-no' });
    expect(when({ ...no('again'), ...byKarin } as Answer, proposal, ...hers, again)).toEqual({
      refused: 'she-said-no',
    });
    expect(when(yes('again', ['K1']), proposal, ...hers, again)).toHaveProperty('accepted');
  });
  it('is possible again after her own yes, for that recipient and purpose', () => {
    const third = { ...proposal, consentId: 'third' };
    const hers = [proposal, no('support-uwv'), again, yes('again', ['K1'])];
    expect(when({ ...written, consentId: 'third' }, ...hers, third)).toHaveProperty('accepted');
    const elsewhere = {
      ...proposal,
      consentId: 'again',
      purpose: 'operational-meeting',
      roles: ['labourExpert'],
    } as const;
    expect(when(written, proposal, no('support-uwv'), elsewhere)).toHaveProperty('accepted');
  });
  it('is not made possible by a representative who says yes where she said no', () => {
    const third = { ...proposal, consentId: 'third' };
    const theirs = yes('again', ['K1'], { by: 'representative', basis: 'mentor' });
    expect(when({ ...written, consentId: 'third' }, proposal, no('support-uwv'), again, theirs, third)).toEqual({
      refused: 'she-said-no',
    });
  });
  it('stands aside for an objection, also against a question that was open before it', () => {
    expect(when(written, again, objection)).toEqual({ refused: 'objection-stands' });
    const lifted: DisclosureCommand = { type: 'LiftObjection', objectionId: 'o-1', by: 'client', at: wednesday };
    expect(when(written, again, objection, lifted)).toHaveProperty('accepted');
  });
  it('that was no is not held against her: another can be written down when she asks for that', () => {
    const third = { ...proposal, consentId: 'third', at: monday };
    expect(
      when({ ...written, consentId: 'third' }, again, { ...no('again'), ...byKarin } as Answer, third),
    ).toHaveProperty('accepted');
    expect(after(again, { ...no('again'), ...byKarin } as Answer).noes).toEqual({});
  });
});

describe('a representative for money matters', () => {
  const theirs = (consentId: string) =>
    yes(consentId, ['K1'], { by: 'representative', basis: 'administrator-money-only' });
  it('decides about paying for the guidance, and about nothing else', () => {
    const funding = {
      ...proposal,
      consentId: 'funding',
      purpose: 'funding-decision',
      roles: ['labourExpert'],
      categories: ['K1', 'K2'],
    } as const;
    expect(when(theirs('funding'), funding)).toHaveProperty('accepted');
    expect(when(theirs('support-uwv'), proposal)).toEqual({ refused: 'money-matters-only' });
  });
});
