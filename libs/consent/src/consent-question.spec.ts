/** What the client is asked and told, in words that she understands. */
import { describe, expect, it } from '@jest/globals';
import { consentQuestion } from './consent-question.js';
import { disclosureRefusalCodes } from './disclosure-commands.js';
import { withheldReasons } from './disclosure-events.js';
import { disclosureRefusals } from './disclosure-refusals.js';
import { readingDenials } from './decide-reading.js';
import { describeReadingDenial, describeReason, describeWithheld } from './describe-reason.js';

const about = {
  discloserNl: 'GGZ Amstel',
  recipientNl: 'UWV',
  roles: ['insurancePhysician', 'labourExpert'],
  purpose: 'support',
  categories: ['K7', 'K1', 'K2'],
} as const;

describe('a question for consent', () => {
  it('is one sentence about one recipient and one purpose', () => {
    const { question, version } = consentQuestion(about);
    expect(question.nl).toBe(
      'Mag GGZ Amstel gegevens over u delen met de verzekeringsarts en arbeidsdeskundige van UWV, om u te helpen werk te vinden en te houden?',
    );
    expect(question.en).toBe(
      'May GGZ Amstel share data about you with the insurance physician and labour expert of UWV, to help you find and keep work?',
    );
    expect(version).toBe('consent-text-1');
  });
  it('offers each kind of data as a switch of its own', () =>
    expect(consentQuestion(about).switches.map(({ category }) => category)).toEqual(['K1', 'K2', 'K7']));
  it('offers yes, no and not today alike', () =>
    expect(Object.keys(consentQuestion(about).answers)).toEqual(['yes', 'no', 'notToday']));
  it('says in one sentence what it does and does not protect against', () => {
    expect(consentQuestion(about).protection.nl).toBe(
      'UWV mag dit niet gebruiken om te beslissen over uw uitkering, maar mag u er zelf nog wel naar vragen en ziet via uw werkgever wat u verdient.',
    );
    expect(consentQuestion({ ...about, roles: ['claimsOfficer'], recipientNl: 'Zilver' }).protection.nl).not.toContain(
      'uitkering',
    );
  });
  it('says that nothing depends on the answer', () =>
    expect(consentQuestion(about).freedom.nl).toContain('gaan door, wat u ook antwoordt'));
});

describe('a refusal', () => {
  it('has a sentence in Dutch and in English for every reason', () => {
    const sentences = [
      ...disclosureRefusalCodes.map((code) => disclosureRefusals[code]),
      ...withheldReasons.map(describeWithheld),
      ...readingDenials.map(describeReadingDenial),
      ...[...withheldReasons, ...readingDenials].map(describeReason),
    ];
    expect(sentences.filter(({ nl, en }) => !nl.endsWith('.') || !en.endsWith('.') || nl === en)).toEqual([]);
  });
});
