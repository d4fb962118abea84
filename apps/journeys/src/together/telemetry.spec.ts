/** What operators see while the services really run: one trace from a question to what a partner makes of it, figures, and nobody in either. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { noTelemetry } from '@convenant/kernel';
import { knownOf } from '@convenant/launch';
import { createTelemetry, organisationGauges, type RunningTelemetry } from '@convenant/telemetry';
import { HeldWire } from '@convenant/testing';
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { covenantWorld, organisations, supportAtTown, supportAtUwv, type CovenantWorld } from './covenant-world.js';

interface Followed extends RunningTelemetry {
  readonly exporter: InMemorySpanExporter;
}
let w: CovenantWorld;
let wire: HeldWire;
let followed: Map<string, Followed>;

/** Telemetry of one organisation as a deployed one has it, but for where the spans go. */
function follow(id: keyof typeof organisations): Followed {
  const definition = organisations[id];
  const partners = Object.entries(organisations)
    .filter(([other]) => other !== id)
    .map(([other, { kind }]) => ({ id: other, kind }));
  const exporter = new InMemorySpanExporter();
  const running = createTelemetry({
    service: `convenant-${id}`,
    known: knownOf(definition, { id, kind: definition.kind }, { all: () => partners, find: () => undefined }),
    spans: new SimpleSpanProcessor({ exporter }),
    attributes: { organisation: id },
  });
  return { ...running, exporter };
}
beforeEach(async () => {
  followed = new Map();
  w = await covenantWorld({
    telemetry: (id) => {
      const one = follow(id as keyof typeof organisations);
      followed.set(id, one);
      return one.telemetry;
    },
    wire: (direct) => (wire = new HeldWire(direct)),
  });
  for (const [id, { metrics }] of followed) {
    const { ports, service } = w.world.organisation(id);
    for (const readings of organisationGauges({ ...ports, standing: () => service.standing() }))
      metrics.addReadings(readings);
  }
});
afterEach(() => w.world.stop());

const of = (id: string): Followed => followed.get(id) as Followed;
const spansOf = (id: string): ReadableSpan[] => of(id).exporter.getFinishedSpans();
const everySpan = () =>
  [...followed.keys()].flatMap((organisation) => spansOf(organisation).map((span) => ({ organisation, span })));
const scrape = (id: string): Promise<string> => of(id).metrics.exposition();
/** The value of one series, by its name with labels as Prometheus writes them. */
const figure = async (id: string, series: string): Promise<number | undefined> => {
  const line = (await scrape(id)).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};
const share = (who = w.anne) => w.allow(w.noor, who, w.clientId, supportAtUwv);
const announcement = {
  specversion: '1.0',
  id: 'message-1',
  source: 'urn:convenant:organisation:ggz-amstel',
  type: 'nl.convenant.consent-announced.v1',
  subject: '9d2f4a50-6c1e-4f7a-8b3c-0123456789ab',
  datacontenttype: 'application/json',
  recipient: 'uwv',
  sequence: '1',
  data: {
    consentId: 'c',
    consentVersion: 1,
    purpose: 'support',
    roles: [],
    categories: ['K1'],
    until: '2027-01-01T00:00:00.000Z',
  },
};
async function forgetSpans(): Promise<void> {
  await w.world.settle();
  for (const { exporter } of followed.values()) exporter.reset();
}

describe('one command that leads to a disclosure', () => {
  it('is one connected way, from the command here to what the partner made of it', async () => {
    const consentId = await w.noor.succeeds('proposeConsent', { clientId: w.clientId, ...supportAtUwv });
    await forgetSpans();
    await w.anne.succeeds('answerConsent', { consentId, answer: 'yes', categories: supportAtUwv.categories });

    const command = everySpan()
      .find(({ span }) => span.name === 'command')
      ?.span.spanContext();
    // Each partner knows it under a number of its own; the span that sends is linked to that.
    const traces = new Set([command?.traceId ?? '']);
    for (const id of traces)
      for (const { span } of everySpan().filter((each) => each.span.spanContext().traceId === id))
        for (const { context } of span.links) if (span.name === 'send') traces.add(context.traceId);
    const inTrace = everySpan().filter(({ span }) => traces.has(span.spanContext().traceId));
    expect(
      inTrace.filter(
        ({ organisation, span }) => organisation === 'uwv' && span.spanContext().traceId === command?.traceId,
      ),
    ).toEqual([]);
    const ids = new Set(inTrace.map(({ span }) => span.spanContext().spanId));
    const roots = inTrace.filter(({ span }) => !ids.has(span.parentSpanContext?.spanId ?? ''));
    expect(roots.map(({ organisation, span }) => [organisation, span.name])).toEqual([['ggz-amstel', 'command']]);
    const steps = new Set(inTrace.map(({ organisation, span }) => `${organisation} ${span.name}`));
    for (const step of ['tell', 'send', 'receive', 'views']) {
      expect(steps).toContain(`ggz-amstel ${step}`);
      if (step !== 'tell') expect(steps).toContain(`uwv ${step}`);
    }
    const told = inTrace.find(
      ({ organisation, span }) =>
        organisation === 'uwv' && span.attributes['convenant.contract'] === 'client-introduced.v1',
    );
    expect(told?.span.attributes).toEqual({
      'convenant.organisation': 'uwv',
      'convenant.partner': 'ggz-amstel',
      'convenant.contract': 'client-introduced.v1',
      'convenant.outcome': 'kept',
    });
    const way: string[] = [];
    for (let at = told; at;) {
      way.unshift(`${at.organisation} ${at.span.name}`);
      const above = at.span.parentSpanContext?.spanId;
      at = inTrace.find(({ span }) => span.spanContext().spanId === above);
    }
    expect(way).toEqual([
      ...['ggz-amstel command', 'ggz-amstel tell', 'ggz-amstel send'],
      // The consent is announced; UWV makes its keys, and only then anything can be sealed for it.
      ...['uwv receive', 'uwv send'],
      ...['ggz-amstel receive', 'ggz-amstel tell', 'ggz-amstel send'],
      'uwv receive',
    ]);
    // Every trace that was begun here belongs to one that somebody asked for: nothing hangs loose.
    expect(everySpan().filter(({ span }) => !traces.has(span.spanContext().traceId))).toEqual([]);
  });

  it('keeps the span of the command in the access log and in what was recorded', async () => {
    await forgetSpans();
    await share();
    const commands = everySpan().flatMap(({ span }) => (span.name === 'command' ? span.spanContext().spanId : []));
    const stored = await w.ggz.ports.store.readAll(undefined, 10_000);
    const given = stored.find(({ type }) => type === 'ConsentGiven');
    expect(commands).toContain(given?.meta.traceparent?.split('-')[2]);
  });
});

describe('the figures of an organisation', () => {
  it('count commands and queries by what came of them', async () => {
    await w.noor.succeeds('holdIntake', { clientId: w.clientId, on: '2026-11-02' });
    await w.pia.does('holdIntake', { clientId: w.clientId });
    await w.zoe.isRefused('clientFile', { clientId: w.clientId }).catch(() => undefined);
    await w.noor.isRefused('myConsents');
    expect(await figure('ggz-amstel', 'convenant_commands_total{command="holdIntake",outcome="done"}')).toBe(1);
    expect(await figure('ggz-amstel', 'convenant_queries_total{query="myConsents",outcome="not-allowed"}')).toBe(1);
    expect(await figure('ggz-amstel', 'convenant_operation_seconds_count{operation="holdIntake"}')).toBe(1);
    // What an organisation does not have at all is not counted under any name.
    expect(await scrape('uwv')).not.toContain('holdIntake');
  });

  it('count what the door decided and what partners sent', async () => {
    await share();
    const introduced = 'convenant_decisions_total{recipient="uwv",contract="client-introduced.v1",outcome="disclosed"}';
    expect(await figure('ggz-amstel', introduced)).toBe(1);
    expect(
      await figure('uwv', 'convenant_messages_received_total{sender="ggz-amstel",outcome="kept"}'),
    ).toBeGreaterThan(1);
    await w.uwv.service.receive('not.a.message');
    expect(await figure('uwv', 'convenant_messages_received_total{sender="unknown",outcome="malformed"}')).toBe(1);
  });

  it('show what waits for a partner that does not answer, since when, and that its closing is not proved', async () => {
    const consentId = await share();
    expect(await figure('ggz-amstel', 'convenant_lane_waiting{recipient="uwv"}')).toBe(0);
    expect(await figure('ggz-amstel', 'convenant_closings_outstanding{recipient="uwv"}')).toBe(0);
    wire.hold();
    await w.anne.succeeds('withdrawConsent', { consentId });
    await w.world.time.pass(90_000);
    expect(await figure('ggz-amstel', 'convenant_lane_waiting{recipient="uwv"}')).toBe(1);
    expect(await figure('ggz-amstel', 'convenant_lane_oldest_seconds{recipient="uwv"}')).toBeGreaterThanOrEqual(90);
    expect(await figure('ggz-amstel', 'convenant_closings_outstanding{recipient="uwv"}')).toBe(1);
    expect(await figure('ggz-amstel', 'convenant_closings_outstanding{recipient="gemeente-amstelveld"}')).toBe(0);
    await wire.release();
    await w.world.settle();
    expect(await figure('ggz-amstel', 'convenant_lane_waiting{recipient="uwv"}')).toBe(0);
    expect(await figure('ggz-amstel', 'convenant_lane_oldest_seconds{recipient="uwv"}')).toBe(0);
    expect(await figure('ggz-amstel', 'convenant_closings_outstanding{recipient="uwv"}')).toBe(0);
  });

  it('show every reader of the log and every view, going on and up to date', async () => {
    const text = await scrape('ggz-amstel');
    expect(await figure('ggz-amstel', 'convenant_event_log_up')).toBe(1);
    expect(await figure('ggz-amstel', 'convenant_reader_failing{reader="door"}')).toBe(0);
    for (const { view } of organisations['ggz-amstel'].views)
      expect(text).toContain(`convenant_view_lag_seconds{view="${view.name}"} 0\n`);
  });
});

describe('nobody', () => {
  it('occurs in a figure or in a span: no client, pseudonym, person, stream, message or name', async () => {
    await w.karin.succeeds('registerClient', {
      initials: 'B.',
      familyName: 'Voorbeeld',
      dateOfBirth: '1985-02-03',
      bsn: '999990019',
    });
    await w.noor.succeeds('holdIntake', { clientId: w.clientId, on: '2026-11-02' });
    const consentId = await share();
    await w.allow(w.noor, w.anne, w.clientId, supportAtTown);
    await w.pia.reads('myWorkList');
    await w.pia.reads('receivedAboutClient', { clientId: w.atUwv });
    await w.noor.reads('clientFile', { clientId: w.clientId });
    await w.zoe.isRefused('consentsOfClient', { clientId: '999990019' }).catch(() => undefined);
    await w.noor.does('holdIntake', { clientId: '999990019', on: '2026-11-02' });
    wire.hold();
    await w.anne.succeeds('withdrawConsent', { consentId });

    const identifying = new Set(['999990019', 'Testpersoon', 'Voorbeeld', '1990-04-01', 'kas werken']);
    for (const id of Object.keys(organisations)) {
      for (const { stream, id: event, meta, data } of await w.world
        .organisation(id)
        .ports.store.readAll(undefined, 100_000)) {
        for (const text of [stream, event, meta.client, meta.cause, ...Object.values(data)])
          // Ids, digests and moments. Words from closed lists and contracts are nobody's.
          if (typeof text === 'string' && text.length >= 20 && /\d/.test(text) && !/^[a-z-]+\.v\d+$/.test(text))
            identifying.add(text);
        if (meta.actor.kind === 'person') identifying.add(`"${meta.actor.person}"`);
      }
    }
    const shown = JSON.stringify(
      everySpan().map(({ span }) => [
        span.name,
        span.attributes,
        span.events,
        span.status,
        span.links.map(({ attributes }) => attributes ?? {}),
        span.resource.attributes,
      ]),
    );
    const text = (await Promise.all(Object.keys(organisations).map(scrape))).join('\n');
    expect(identifying.size).toBeGreaterThan(100);
    expect([...identifying].filter((each) => text.includes(each) || shown.includes(each))).toEqual([]);
    // Nothing had to be held back either: whoever counts something new adds it to what is known.
    expect([text.includes('="other"'), shown.includes('"other"')]).toEqual([false, false]);
  });

  it.each([
    ['are', () => ({})],
    ['are not', () => ({ telemetry: () => noTelemetry })],
  ])(
    'occurs in a trace that a partner sends, when spans %s kept: it is a trace, or it goes no further',
    async (_, options) => {
      if (Object.keys(options()).length > 0) w = await covenantWorld(options());
      const sent = { ...announcement, time: w.world.now(), traceparent: 'of Testpersoon 999990019' };
      expect(await w.uwv.service.receive(await w.ggz.ports.signer.sign(JSON.stringify(sent)))).toBe('kept');
      const kept = await w.uwv.ports.store.readAll(undefined, 100_000);
      expect(kept.map(({ type }) => type)).toContain('ConsentRegistered');
      expect(JSON.stringify(kept.map(({ meta }) => meta.traceparent))).not.toContain('999990019');
    },
  );
});
