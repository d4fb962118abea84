/** What a client wants and brings to work (R04): every version is kept, the newest one counts. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  sealedOptional,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import {
  dateRefusals,
  happened,
  hoursPerWeekInput,
  hoursRefusals,
  isInOrder,
  isStillToCome,
  type CommandFor,
  type DateRefusal,
  type HoursRefusal,
} from '@convenant/shared-domain';
import { z } from 'zod';

export const ProfileWritten = defineEvent('ProfileWritten', {
  clear: {
    profileId: z.string(),
    clientId: z.string(),
    writtenOn: z.iso.date(),
    writtenBy: z.string(),
    at: z.iso.datetime(),
  },
  sealed: {
    workWish: sealed<string>('K3'),
    preferences: sealed<readonly string[]>('K3'),
    experience: sealedOptional<string>('K3'),
    hoursWanted: sealedOptional<number>('K3'),
  },
});
export const profileEvents = defineEvents(ProfileWritten);
export type ProfileEvent = CatalogueEvent<typeof profileEvents>;
export const profileStream = (clientId: string): string => `profile-${clientId}`;

export type ProfileCommand = CommandFor<'WriteProfile', EventOf<typeof ProfileWritten>>;
export type ProfileRefusal = DateRefusal | HoursRefusal;
export const profileRefusals = { ...dateRefusals, ...hoursRefusals } as const satisfies Refusals<ProfileRefusal>;

export interface Profile {
  readonly versions: readonly string[];
  readonly writtenOn?: string;
}

export const vocationalProfile: Decider<ProfileCommand, ProfileEvent, Profile, ProfileRefusal> = {
  initial: { versions: [] },
  evolve: ({ versions }, { profileId, writtenOn }) => ({ versions: [...versions, profileId], writtenOn }),
  decide(command, { versions, writtenOn }) {
    if (versions.includes(command.profileId)) return accept();
    if (isStillToCome(command.writtenOn, command.at)) return refuse('date-in-future');
    if (!isInOrder(writtenOn, command.writtenOn)) return refuse('dates-in-wrong-order');
    return accept(happened('ProfileWritten', command));
  },
};

/** What is entered in a profile, before sealing. */
export const profileInput = z.strictObject({
  workWish: z.string().trim().min(1).max(2000),
  preferences: z.array(z.string().trim().min(1).max(2000)).max(20),
  experience: z.string().max(2000).optional(),
  hoursWanted: hoursPerWeekInput.optional(),
});
