/** A working relation in words for the client: what somebody is to her, without a name. */
import type { Sentence } from '@convenant/kernel';
import type { StaffRole } from '@convenant/consent';
import type { WorkingRelation } from './resolve-relation.js';

/** To be used after "uw" and "your". */
export const roleWords = {
  caseManager: { nl: 'casemanager', en: 'case manager' },
  clinician: { nl: 'behandelaar', en: 'clinician' },
  employmentSpecialist: { nl: 'IPS-trajectbegeleider', en: 'employment specialist' },
  ipsProjectLeader: { nl: 'IPS-projectleider', en: 'IPS project leader' },
  privacyOfficer: { nl: 'privacyfunctionaris', en: 'privacy officer' },
  insurancePhysician: { nl: 'verzekeringsarts', en: 'insurance physician' },
  physicianDelegate: { nl: 'medewerker van de verzekeringsarts', en: 'delegate of the insurance physician' },
  labourExpert: { nl: 'arbeidsdeskundige', en: 'labour expert' },
  benefitsAdviser: { nl: 'uitkeringsadviseur', en: 'benefits adviser' },
  objectionOfficer: { nl: 'medewerker bezwaar', en: 'objection officer' },
  clientManager: { nl: 'klantmanager', en: 'client manager' },
  medicalAdviser: { nl: 'medisch adviseur', en: 'medical adviser' },
  claimsOfficer: { nl: 'medewerker declaraties', en: 'claims officer' },
  manager: { nl: 'manager', en: 'manager' },
  policyOfficer: { nl: 'beleidsmedewerker', en: 'policy officer' },
  fidelityReviewer: { nl: 'onafhankelijke beoordelaar', en: 'fidelity reviewer' },
} as const satisfies Record<StaffRole, Sentence>;

/** A few words that finish the sentence "This was read by somebody who …" or stand alone in a list. Never names anybody. */
export function describeRelation(relation: Pick<WorkingRelation, 'kind' | 'holderRole' | 'confirmed'>): Sentence {
  const { nl, en } = wordsFor(relation.holderRole);
  switch (relation.kind) {
    case 'personal':
      return relation.confirmed
        ? { nl: `uw ${nl}`, en: `your ${en}` }
        : { nl: `uw nieuwe ${nl}, na een overdracht`, en: `your new ${en}, after a hand-over` };
    case 'team':
      return { nl: `uw team (${nl})`, en: `your team (${en})` };
    case 'stand-in':
      return { nl: `valt in voor uw ${nl}`, en: `stands in for your ${en}` };
    case 'delegate':
      return {
        nl: `werkt onder verantwoordelijkheid van uw ${nl}`,
        en: `works under the responsibility of your ${en}`,
      };
    case 'supervisor':
      return { nl: `kijkt mee als werkbegeleider (${nl})`, en: `looks along as supervisor (${en})` };
  }
}

const wordsFor = (role: string): Sentence =>
  Object.hasOwn(roleWords, role) ? roleWords[role as StaffRole] : { nl: 'medewerker', en: 'member of staff' };
