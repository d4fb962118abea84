/** A colleague stands in for at most four weeks, and a responsible professional lets somebody work under her name (U13). */
import type { Role } from '@convenant/consent';
import { defineCommand, type AnyCommand, type CommandContext } from '@convenant/host';
import { staff, staffEvents, staffRefusals, staffStream, type StaffCommand } from '@convenant/identity';
import { z } from 'zod';
import { answered } from './carried-out.js';
import { ownWork, person, type SharedOptions } from './shared-options.js';

const instant = z.iso.datetime();

const by = ({ session }: CommandContext) => ({ person: session.person, role: session.role });
/** Whether it is hers to arrange is a rule of the stream itself. */
const arrange = async (context: CommandContext, command: StaffCommand, id: string) =>
  answered(await context.run(staffEvents, staff, staffStream(command.person), command), id);

export const standInCommands = (options: SharedOptions): readonly AnyCommand[] => {
  const shared = {
    by: [...new Set([...options.staff, ...options.leads])],
    about: 'organisation',
    refusals: staffRefusals,
  } as const;
  const begins = { event: 'create', action: 'C', activity: ownWork[options.kind] } as const;
  const ends = { event: 'enter', action: 'U', activity: ownWork[options.kind] } as const;
  return [
    defineCommand({
      name: 'appointStandIn',
      input: z.strictObject({
        requestId: z.uuid(),
        person: person.optional(),
        standIn: person,
        from: instant.optional(),
        until: instant,
      }),
      ...shared,
      access: begins,
      handle({ person: absent, standIn, from, until }, context) {
        const { at, session, ports, requestId } = context;
        const standInId = ports.ids.derive('stand-in', session.person, requestId);
        const whose = absent ?? session.person;
        const command = {
          type: 'AppointStandIn',
          standInId,
          person: whose,
          standIn,
          from: from ?? at,
          until,
          by: by(context),
          at,
        } as const;
        return arrange(context, command, standInId);
      },
    }),
    defineCommand({
      name: 'endStandIn',
      input: z.strictObject({ requestId: z.uuid(), person: person.optional(), standInId: z.string() }),
      ...shared,
      access: ends,
      handle({ person: absent, standInId }, context) {
        const whose = absent ?? context.session.person;
        return arrange(
          context,
          { type: 'EndStandIn', standInId, person: whose, by: by(context), at: context.at },
          standInId,
        );
      },
    }),
    defineCommand({
      name: 'appointDelegate',
      input: z.strictObject({
        requestId: z.uuid(),
        delegate: person,
        role: z.enum(options.staff as [Role, ...Role[]]),
        from: instant.optional(),
        until: instant.optional(),
      }),
      ...shared,
      access: begins,
      handle({ delegate, role, from, until }, context) {
        const { at, session, ports, requestId } = context;
        const delegateId = ports.ids.derive('delegate', session.person, requestId);
        const whom = {
          delegateId,
          person: session.person,
          responsibleRole: session.role,
          delegate,
          role,
          from: from ?? at,
        };
        const command = {
          type: 'AppointDelegate',
          ...whom,
          ...(until === undefined ? {} : { until }),
          by: by(context),
          at,
        } as const;
        return arrange(context, command, delegateId);
      },
    }),
    defineCommand({
      name: 'endDelegate',
      input: z.strictObject({ requestId: z.uuid(), person: person.optional(), delegateId: z.string() }),
      ...shared,
      access: ends,
      handle({ person: responsible, delegateId }, context) {
        const whose = responsible ?? context.session.person;
        return arrange(
          context,
          { type: 'EndDelegate', delegateId, person: whose, by: by(context), at: context.at },
          delegateId,
        );
      },
    }),
  ];
};
