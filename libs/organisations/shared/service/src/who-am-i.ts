/** Who somebody is here: the reference by which colleagues assign work to her, and her role. */
import { rolesByKind, type Role } from '@convenant/consent';
import { defineQuery } from '@convenant/host';
import { z } from 'zod';

const anybody: readonly Role[] = [...Object.values(rolesByKind).flat(), 'client', 'representative'];

export const me = defineQuery({
  name: 'me',
  args: z.strictObject({}),
  by: anybody,
  about: 'organisation',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'oversight' },
  answer: (_args, { session, organisation }) =>
    Promise.resolve({ person: session.person, role: session.role, organisation: organisation.id }),
});
