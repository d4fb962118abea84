/** What the client herself still has to report to UWV or her municipality (U01), with the notice ready for her to send. Nothing sends it for her. */
import { defineQuery } from '@convenant/host';
import { clientJobs, reportingDuties, reportingDutiesOf, reportingReminder } from '@convenant/mental-health-domain';
import { clientNames } from '@convenant/shared-domain';
import { ofClient } from '@convenant/shared-service';
import { readFile } from './access-kinds.js';

export const reportingReminders = defineQuery({
  name: 'reportingReminders',
  args: ofClient.partial(),
  by: ['client', 'representative', 'employmentSpecialist'],
  about: 'client',
  purpose: 'support',
  access: readFile,
  async answer(_args, { views, reader, client }) {
    const duties = reportingDutiesOf((await views.find(reportingDuties, 'clientId', client)).map(({ row }) => row));
    const named = await views.get(clientNames, client);
    const person = named && (await reader.own(clientNames, named));
    const name = [person?.initials, person?.familyName].filter(Boolean).join(' ');
    const jobs = await Promise.all(
      (await views.find(clientJobs, 'clientId', client)).map(({ row }) => reader.own(clientJobs, row)),
    );
    return duties.map((duty) => {
      const job = jobs.find(({ jobId }) => jobId === duty.jobId);
      return {
        occasion: duty.occasion,
        on: duty.on,
        organisation: duty.to?.organisation,
        ...reportingReminder(duty, { name, occupation: job?.occupation, hoursPerWeek: job?.hoursPerWeek }),
      };
    });
  },
});
