/** Anna at the agency, with the people of her team and two partners who read what they are told; where the specs of this service begin. */
import type { Role } from '@convenant/consent';
import { mentalHealthService } from '../mental-health.service.js';
import { askingSide, readingSide } from './asking-side.js';

/** What a spec hands in: the world that it made of these organisations. */
export const agencyOrganisations = {
  'ggz-amstel': mentalHealthService,
  uwv: askingSide,
  'gemeente-amstelveld': readingSide,
};
interface AnyPerson {
  does(command: string, input?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  succeeds(command: string, input?: Readonly<Record<string, unknown>>): Promise<string>;
}
interface AnyWorld {
  organisation(id: string): { as(person: string, role: Role): AnyPerson };
}
type OrganisationIn<W extends AnyWorld> = ReturnType<W['organisation']>;
type PersonIn<W extends AnyWorld> = ReturnType<OrganisationIn<W>['as']>;

export const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };

/** Karin (case manager) and Clara (clinician) work with Anna. Noor and Nadia are employment specialists; Noor is referred to by `refer`. */
export async function agencyWorld<W extends AnyWorld>(world: W) {
  const at = (id: string) => world.organisation(id) as OrganisationIn<W>;
  const ggz = at('ggz-amstel');
  const person = (who: string, role: Role) => ggz.as(who, role) as PersonIn<W>;
  const karin = person('karin', 'caseManager');
  const clientId = await karin.succeeds('registerClient', anna);
  await karin.succeeds('beginRelation', { clientId, person: 'clara', role: 'clinician' });
  const { code } = await karin.does('issueActivationCode', { clientId, for: 'client' });
  const herself = person('anna', 'client');
  await herself.succeeds('activateLogin', { code, dateOfBirth: anna.dateOfBirth });
  return {
    world,
    ggz,
    uwv: at('uwv'),
    town: at('gemeente-amstelveld'),
    karin,
    clara: person('clara', 'clinician'),
    noor: person('noor', 'employmentSpecialist'),
    nadia: person('nadia', 'employmentSpecialist'),
    marieke: person('marieke', 'ipsProjectLeader'),
    clientId,
    herself,
    refer: (input: object = {}) =>
      karin.succeeds('referClient', { clientId, workWish: 'In een kas werken', toSpecialist: 'noor', ...input }),
  };
}

/** A colleague of hers asks, Anna says yes to all of it. */
export async function allow(
  { karin, herself, clientId }: { readonly karin: AnyPerson; readonly herself: AnyPerson; readonly clientId: string },
  question: object & { readonly categories: readonly string[] },
): Promise<string> {
  const consentId = await karin.succeeds('proposeConsent', { clientId, ...question });
  await herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: question.categories });
  return consentId;
}
export const supportAtUwv = {
  recipient: 'uwv',
  roles: ['insurancePhysician', 'labourExpert'],
  purpose: 'support',
  categories: ['K1', 'K2', 'K7'],
};
export const supportAtTown = { ...supportAtUwv, recipient: 'gemeente-amstelveld', roles: ['clientManager'] };
export const codeOf = async (doing: Promise<unknown>): Promise<string | undefined> =>
  ((await doing) as { refused?: { code: string } }).refused?.code;
