/** Why something was not told or not shown, in words: for the client and her own professionals, never for the recipient (U09). */
import type { Refusals, Sentence } from '@convenant/kernel';
import type { ReadingDenial } from './decide-reading.js';
import type { WithheldReason } from './disclosure-events.js';
import type { TakingDenial } from './taking.js';

export const withheldSentences = {
  'no-row': { nl: 'Geen regel staat toe dat dit wordt verteld.', en: 'No rule allows this to be told.' },
  never: {
    nl: 'Dit mag nooit worden verteld, ook niet met toestemming.',
    en: 'This may never be told, not even with consent.',
  },
  'no-basis': {
    nl: 'De ontvanger heeft geen wettelijke grond om dit te hebben.',
    en: 'The recipient has no legal basis to have this.',
  },
  'no-consent': { nl: 'Er is geen toestemming voor.', en: 'There is no consent for it.' },
  refused: { nl: 'De cliënt heeft nee gezegd.', en: 'The client said no.' },
  'not-today': {
    nl: 'De cliënt wilde hier nog niet over beslissen.',
    en: 'The client did not want to decide about it yet.',
  },
  paused: { nl: 'De cliënt heeft het delen op pauze gezet.', en: 'The client has paused sharing.' },
  withdrawn: { nl: 'De toestemming is ingetrokken.', en: 'The consent was withdrawn.' },
  expired: { nl: 'De toestemming is verlopen.', en: 'The consent has expired.' },
  used: {
    nl: 'De toestemming was voor één antwoord, en dat is gegeven.',
    en: 'The consent was for one answer, which was given.',
  },
  objection: { nl: 'De cliënt heeft hier bezwaar tegen gemaakt.', en: 'The client objected to this.' },
  'category-not-granted': {
    nl: 'De toestemming geldt niet voor dit soort gegevens.',
    en: 'The consent does not hold for this kind of data.',
  },
  'outside-period': {
    nl: 'De toestemming geldt niet voor gegevens van zo lang geleden.',
    en: 'The consent does not hold for data from that long ago.',
  },
  'not-introduced': {
    nl: 'De cliënt is bij de ontvanger niet bekend.',
    en: 'The client is not known to the recipient.',
  },
  'no-key': {
    nl: 'De ontvanger heeft nog geen sleutel gegeven om dit voor hem te verzegelen.',
    en: 'The recipient has not yet offered a key to seal this for it.',
  },
} satisfies Refusals<WithheldReason>;

export const readingSentences = {
  'no-relation': { nl: 'U werkt niet met deze cliënt.', en: 'You do not work with this client.' },
  'no-purpose': {
    nl: 'Het is niet duidelijk waarvoor u dit wilt lezen.',
    en: 'It is not clear what you want to read this for.',
  },
  'no-row': { nl: 'Geen regel geeft uw functie dit te lezen.', en: 'No rule lets your role read this.' },
  never: { nl: 'Dit mag voor dit doel nooit worden gelezen.', en: 'This may never be read for this purpose.' },
  'aggregate-only': {
    nl: 'Dit bestaat alleen als cijfers zonder personen.',
    en: 'This exists as figures about nobody only.',
  },
  'relation-not-for-purpose': {
    nl: 'U werkt wel met deze cliënt, maar niet voor dit doel.',
    en: 'You do work with this client, but not for this purpose.',
  },
  'no-responsible': {
    nl: 'Dit kan alleen onder verantwoordelijkheid van een arts.',
    en: 'This can only be done under the responsibility of a physician.',
  },
  'not-registered': { nl: 'Dit is niet aan uw organisatie verteld.', en: 'This was not told to your organisation.' },
  closed: { nl: 'De toestemming hiervoor is beëindigd.', en: 'The permission for this has ended.' },
  expired: { nl: 'De termijn hiervoor is voorbij.', en: 'The term for this is over.' },
  'role-not-named': { nl: 'De toestemming noemt uw functie niet.', en: 'The permission does not name your role.' },
  'category-not-named': {
    nl: 'De toestemming noemt dit soort gegevens niet.',
    en: 'The permission does not name this kind of data.',
  },
  'other-purpose': { nl: 'Dit is voor een ander doel verteld.', en: 'This was told for another purpose.' },
  'no-basis': {
    nl: 'Uw organisatie heeft hiervoor geen wettelijke grond.',
    en: 'Your organisation has no legal basis for this.',
  },
} satisfies Refusals<ReadingDenial | TakingDenial>;

export const describeWithheld = (reason: WithheldReason): Sentence => withheldSentences[reason];
export const describeReadingDenial = (reason: ReadingDenial | TakingDenial): Sentence => readingSentences[reason];

/** For a list that holds both. The lists share words, and a shared word is told as why something was not told. */
export const describeReason = (reason: WithheldReason | ReadingDenial | TakingDenial): Sentence =>
  Object.hasOwn(withheldSentences, reason)
    ? withheldSentences[reason as WithheldReason]
    : readingSentences[reason as ReadingDenial];
