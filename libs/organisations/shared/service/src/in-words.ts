/** The words in which clients and staff read what is stored as a code. */
import {
  describeWithheld,
  roleNames,
  type ConsentState,
  type Method,
  type Purpose,
  type RepresentationBasis,
  type StaffRole,
} from '@convenant/consent';
import { findContract } from '@convenant/contracts';
import { categoryNames, type Category, type Sentence } from '@convenant/kernel';

export { describeWithheld };

/** An organisation's id is made of the words by which people call it. */
export const organisationName = (id: string): string =>
  id
    .split('-')
    .map((word, index) =>
      word === 'ggz' || word === 'uwv'
        ? word.toUpperCase()
        : index === 0
          ? word
          : word.slice(0, 1).toUpperCase() + word.slice(1),
    )
    .join(' ');

export const categoryInWords = (category: Category): { readonly category: Category } & Sentence => ({
  category,
  ...categoryNames[category],
});
export const categoriesInWords = (categories: readonly Category[]) => categories.map(categoryInWords);

/** What facts are called that belong together; the contract's id for one that this release does not know. */
export const contractTitle = (id: string): string => {
  const contract = findContract(id);
  return contract?.kind === 'disclosure' ? contract.titleNl : id;
};

export const rolesInWords = (roles: readonly string[], language: keyof Sentence): string =>
  roles.map((role) => (Object.hasOwn(roleNames, role) ? roleNames[role as StaffRole][language] : role)).join(', ');

export const purposeInWords: Readonly<Record<Purpose, Sentence>> = {
  support: { nl: 'werk vinden en houden', en: 'finding and keeping work' },
  'funding-decision': {
    nl: 'beslissen over het betalen van de begeleiding',
    en: 'deciding about paying for the guidance',
  },
  'funding-settlement': { nl: 'de begeleiding betalen', en: 'paying for the guidance' },
  'benefits-answer': { nl: 'een vraag over uitkering en inkomen', en: 'a question about benefit and income' },
  'medical-question': { nl: 'één vraag van de arts', en: 'one question of the physician' },
  'operational-meeting': { nl: 'een overleg over wie waarmee helpt', en: 'a meeting about who helps with what' },
  'fidelity-sample': { nl: 'onderzoek naar de begeleiding', en: 'a review of the guidance' },
  supervision: { nl: 'werkbegeleiding', en: 'supervision' },
  'claim-assessment': { nl: 'beoordelen van een uitkering', en: 'assessing a benefit' },
};

export const basisInWords: Readonly<Record<RepresentationBasis, Sentence>> = {
  curator: { nl: 'curator', en: 'curator' },
  mentor: { nl: 'mentor', en: 'mentor' },
  'written-proxy': { nl: 'schriftelijk gemachtigde', en: 'authorised in writing' },
  partner: { nl: 'echtgenoot of partner', en: 'spouse or partner' },
  'parent-child-or-sibling': { nl: 'ouder, kind, broer of zus', en: 'parent, child, brother or sister' },
  'administrator-money-only': {
    nl: 'bewindvoerder, alleen voor geldzaken',
    en: 'administrator, for money matters only',
  },
};

/** How an answer came, and who wrote it down when she did not give it on the screen herself. */
export function answeredInWords(method: Method, recordedByRole: StaffRole | undefined): Sentence {
  const { nl, en } = methodInWords[method];
  if (recordedByRole === undefined) return { nl: `${nl}.`, en: `${en}.` };
  const who = roleNames[recordedByRole];
  return { nl: `${nl}, vastgelegd door uw ${who.nl}.`, en: `${en}, recorded by your ${who.en}.` };
}
const methodInWords: Readonly<Record<Method, Sentence>> = {
  digital: { nl: 'Op het scherm', en: 'On the screen' },
  paper: { nl: 'Op papier', en: 'On paper' },
  'spoken-with-witness': { nl: 'Hardop, met een getuige', en: 'Aloud, before a witness' },
};

export const stateInWords: Readonly<Record<ConsentState, Sentence>> = {
  proposed: { nl: 'Nog niet beantwoord. Er wordt niets gedeeld.', en: 'Not answered yet. Nothing is shared.' },
  given: { nl: 'Gegeven.', en: 'Given.' },
  refused: { nl: 'U zei nee. Er wordt niets gedeeld.', en: 'You said no. Nothing is shared.' },
  'not-today': { nl: 'Niet vandaag. Er wordt niets gedeeld.', en: 'Not today. Nothing is shared.' },
  paused: { nl: 'Op pauze. Er wordt nu niets gedeeld.', en: 'Paused. Nothing is shared now.' },
  withdrawn: { nl: 'Ingetrokken. Er wordt niets meer gedeeld.', en: 'Withdrawn. Nothing is shared any more.' },
  expired: { nl: 'Verlopen. Er wordt niets meer gedeeld.', en: 'Expired. Nothing is shared any more.' },
  superseded: { nl: 'Vervangen door een nieuwere toestemming.', en: 'Replaced by a newer consent.' },
  used: { nl: 'Voor één antwoord, en dat is gegeven.', en: 'For one answer, which was given.' },
};

/** Per time that sharing stopped: proved by the recipient, or not yet. */
export const closingInWords = (partner: string, closedAt: string | undefined): Sentence =>
  closedAt === undefined
    ? {
        nl: `${organisationName(partner)} heeft nog niet bewezen dat het gesloten is.`,
        en: `${organisationName(partner)} has not yet proved that it is closed.`,
      }
    : {
        nl: `${organisationName(partner)} heeft dit gesloten en dat bewezen.`,
        en: `${organisationName(partner)} closed this and proved it.`,
      };

/** One line per value, with the place in a list in its name: exactly what left or came, without a form of its own for every contract. */
export function fieldLines(
  fields: Readonly<Record<string, unknown>>,
): readonly { readonly name: string; readonly value: string }[] {
  const lines = (name: string, value: unknown): { name: string; value: string }[] => {
    if (Array.isArray(value)) return value.flatMap((item, index) => lines(`${name}[${index}]`, item));
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([inner, each]) => lines(`${name}.${inner}`, each));
    return value === undefined || value === null ? [] : [{ name, value: String(value as string | number | boolean) }];
  };
  return Object.entries(fields).flatMap(([name, value]) => lines(name, value));
}
