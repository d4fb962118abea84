/** The log leaves in forms that others read: NEN 7513 lines and FHIR AuditEvents. */
import { describe, expect, it } from '@jest/globals';
import { exampleLogged } from './example-log.js';
import { toAuditEvent, toNdjson } from './exports.js';

const record = exampleLogged({
  consents: ['consent-1'],
  user: { person: 'person-els', role: 'physicianDelegate', responsible: 'person-vera', requestor: true },
});

describe('exports of the access log', () => {
  it('writes one line per record under the names of the norm', () => {
    const [line, ...rest] = toNdjson([record, exampleLogged({ client: undefined, askedFor: 'digest', outcome: 8 })])
      .trimEnd()
      .split('\n');
    expect(JSON.parse(line!)).toMatchObject({
      EventActionCode: 'R',
      EventOutcomeIndicator: 0,
      users: [
        { userID: 'person-els', userIsRequestor: true, purposeOfUse: 'support' },
        { userID: 'person-vera', roleIDCode: 'responsible', userIsRequestor: false },
      ],
      participants: [{ participantObjectID: 'client-1', participantObjectSensitivity: ['K3'] }],
      autorisatieProtocol: 'matrix-1',
      behandelrelatieProtocol: 'personal',
      toestemmingsProfiel: ['consent-1'],
      noodprocedure: false,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(rest).toHaveLength(1);
    expect(JSON.parse(rest[0]!)).toMatchObject({ participants: [{ participantObjectID: 'digest:digest' }] });
  });

  it('maps a record to a FHIR AuditEvent of the type Patient Record', () => {
    expect(toAuditEvent(record)).toMatchObject({
      resourceType: 'AuditEvent',
      type: { code: '110110' },
      action: 'R',
      outcome: '0',
      agent: [
        { requestor: true, who: { identifier: { value: 'person-els' } } },
        { requestor: false, who: { identifier: { value: 'person-vera' } } },
      ],
      source: { site: 'ggz-amstel' },
      entity: [{ what: { identifier: { value: 'client-1' } }, role: { code: '1' } }, { name: 'vocationalProfile' }],
    });
  });
});
