/** What an organisation says about its own people, so that the slices that all share know who may do what. */
import type { ActivityId } from '@convenant/access-log';
import type { Role, StaffRole } from '@convenant/consent';
import type { OrganisationKind } from '@convenant/kernel';
import type { AnyCommand, AnyQuery, DeclaredView, ServiceDefinition } from '@convenant/host';
import { z } from 'zod';

export type KindWithClients = Exclude<OrganisationKind, 'covenant'>;

export interface SharedOptions {
  readonly kind: KindWithClients;
  /** Everybody of this kind who works with clients; the privacy officer does not. */
  readonly staff: readonly StaffRole[];
  readonly registerBy: readonly StaffRole[];
  /** Who may hold the consent conversation, and record the answer that was given in it. */
  readonly proposeBy: readonly StaffRole[];
  /** Who may arrange stand-ins, teams, relations and hand-overs for colleagues. */
  readonly leads: readonly StaffRole[];
  readonly askBy: readonly StaffRole[];
}

/** To be spread into a `ServiceDefinition`, beside the organisation's own. */
export type SharedSlices = Pick<
  ServiceDefinition,
  'catalogues' | 'reactions' | 'deadlines' | 'compositions' | 'sends' | 'findClients'
> & {
  readonly commands: readonly AnyCommand[];
  readonly queries: readonly AnyQuery[];
  readonly views: readonly DeclaredView[];
};

/** A colleague, by the reference that the identity provider gives: it has no blanks, so nobody can be described with it. */
export const person = z.string().regex(/^[\x21-\x7e]{1,200}$/);

export const herself: readonly Role[] = ['client', 'representative'];

/** The processing activity under which this kind of organisation keeps its clients. */
export const ownWork: Readonly<Record<KindWithClients, ActivityId>> = {
  'mental-health': 'client-support',
  uwv: 'progress-review',
  municipality: 'progress-review',
  insurer: 'funding',
};
