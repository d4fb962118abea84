/** A working relation in words for the client: what somebody is to her, without a name. */
import type { Sentence } from '@convenant/kernel';
import { roleNames, staffRoles } from '@convenant/consent';
import type { WorkingRelation } from './resolve-relation.js';

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

const wordsFor = (role: string): Sentence => {
  const known = staffRoles.find((each) => each === role);
  return known === undefined ? { nl: 'medewerker', en: 'member of staff' } : roleNames[known];
};
