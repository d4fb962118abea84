/** What the product says when it asks a client for consent (U03): one sentence per recipient and purpose, in plain Dutch (B1) and English. */
import { categoryNames, type Sentence } from '@convenant/kernel';
import { inOrder } from './disclosure-evolve.js';
import { roleNames } from './role-names.js';
import { rolesByKind, type ConsentCategory, type Purpose, type StaffRole } from './vocabulary.js';

/** Raise it with every change of words: each consent keeps the version that she saw. */
export const consentTextVersion = 'consent-text-1';

/** Why, as the end of the question. */
const purposeWords: Readonly<Record<Exclude<Purpose, 'claim-assessment'>, Sentence>> = {
  support: { nl: 'om u te helpen werk te vinden en te houden', en: 'to help you find and keep work' },
  'funding-decision': {
    nl: 'om te beslissen of uw begeleiding wordt betaald',
    en: 'to decide whether your guidance is paid for',
  },
  'funding-settlement': { nl: 'om uw begeleiding te betalen', en: 'to pay for your guidance' },
  'benefits-answer': {
    nl: 'om een vraag over uw uitkering en inkomen te beantwoorden',
    en: 'to answer a question about your benefit and income',
  },
  'medical-question': { nl: 'om één vraag van de arts te beantwoorden', en: 'to answer one question of the physician' },
  'operational-meeting': {
    nl: 'om in een overleg af te spreken wie u waarmee helpt',
    en: 'to agree in a meeting who helps you with what',
  },
  'fidelity-sample': {
    nl: 'om te onderzoeken of de begeleiding goed wordt gegeven',
    en: 'to examine whether the guidance is given well',
  },
  supervision: {
    nl: 'om het werk van uw begeleider te bespreken',
    en: 'to discuss the work of the person who guides you',
  },
};

export interface ConsentQuestion {
  /** To be kept with the answer as the information that was shown. */
  readonly version: string;
  /** One sentence. */
  readonly question: Sentence;
  /** All off until she turns one on. */
  readonly switches: readonly { readonly category: ConsentCategory; readonly label: Sentence }[];
  readonly answers: { readonly yes: Sentence; readonly no: Sentence; readonly notToday: Sentence };
  /** What this does and does not protect against. */
  readonly protection: Sentence;
  /** That nothing depends on the answer, and that it can be taken back. */
  readonly freedom: Sentence;
}

/** `discloserNl` and `recipientNl` are the organisations' names as people say them. */
export function consentQuestion(about: {
  readonly discloserNl: string;
  readonly recipientNl: string;
  readonly roles: readonly StaffRole[];
  readonly purpose: Exclude<Purpose, 'claim-assessment'>;
  readonly categories: readonly ConsentCategory[];
}): ConsentQuestion {
  const { discloserNl: discloser, recipientNl: recipient, roles, purpose } = about;
  const why = purposeWords[purpose];
  return {
    version: consentTextVersion,
    question: {
      nl: `Mag ${discloser} gegevens over u delen met de ${list(roles, 'nl', 'en')} van ${recipient}, ${why.nl}?`,
      en: `May ${discloser} share data about you with the ${list(roles, 'en', 'and')} of ${recipient}, ${why.en}?`,
    },
    switches: inOrder(about.categories).map((category) => ({ category, label: categoryNames[category] })),
    answers: {
      yes: { nl: 'Ja', en: 'Yes' },
      no: { nl: 'Nee', en: 'No' },
      notToday: { nl: 'Niet vandaag', en: 'Not today' },
    },
    protection: protection(recipient, roles),
    freedom: {
      nl: 'Uw behandeling en begeleiding gaan door, wat u ook antwoordt. U kunt dit altijd stoppen, zonder te zeggen waarom.',
      en: 'Your treatment and guidance go on, whatever you answer. You can always stop this, without saying why.',
    },
  };
}

function protection(recipient: string, roles: readonly StaffRole[]): Sentence {
  const benefitRoles: readonly StaffRole[] = [...rolesByKind.uwv, ...rolesByKind.municipality].filter(
    (role) => role !== 'privacyOfficer',
  );
  return roles.some((role) => benefitRoles.includes(role))
    ? {
        nl: `${recipient} mag dit niet gebruiken om te beslissen over uw uitkering, maar mag u er zelf nog wel naar vragen en ziet via uw werkgever wat u verdient.`,
        en: `${recipient} may not use this to decide about your benefit, but may still ask you about it, and sees your wages through your employer.`,
      }
    : {
        nl: `${recipient} mag dit alleen hiervoor gebruiken, en krijgt niets wat u hier niet aanzet.`,
        en: `${recipient} may use this for nothing else, and gets nothing that you do not switch on here.`,
      };
}

const list = (roles: readonly StaffRole[], language: 'nl' | 'en', and: string): string => {
  const names = roles.map((role) => roleNames[role][language]);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} ${and} ${last}`;
};
