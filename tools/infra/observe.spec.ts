/** Holds alerts and dashboard to the metrics that there are, and what collects them to the services that are composed. */
import { describe, expect, it } from '@jest/globals';
import { metrics } from '@convenant/kernel';
import { environmentOf, json, text, yaml, type Composed } from './read.js';

const composed = yaml<Composed>('docker-compose.yml');
const rules = yaml<{
  groups: { rules: { alert: string; expr: string; for: string; annotations: { summary: string } }[] }[];
}>('infra/observe/alerts.yml').groups.flatMap((group) => group.rules);
const prometheus = yaml<{
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[]; labels: { organisation: string } }[] }[];
}>('infra/observe/prometheus.yml');
const dashboard = json<{
  panels: {
    title: string;
    type: string;
    datasource?: { uid: string };
    targets?: { expr: string; legendFormat: string }[];
  }[];
}>('infra/observe/grafana/convenant.json');

/** `up` is Prometheus's own; the labels beside ours are put on at scraping. */
const labelsOf: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ...Object.fromEntries(Object.entries(metrics).map(([name, { labels }]) => [name, labels])),
};
const ofScraping = ['organisation', 'job', 'le'];
const expressions = [
  ...rules.map(({ alert, expr }) => ({ at: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ at: title, expr }))),
];
const metricsIn = (expr: string): string[] =>
  [...expr.matchAll(/\b(up|convenant_\w+)\b/g)].map(([, name = '']) => name.replace(/_(bucket|sum|count)$/, ''));
const known = (expr: string): string[] => [...ofScraping, ...metricsIn(expr).flatMap((name) => labelsOf[name] ?? [])];

describe('alerts and dashboard', () => {
  it('ask for metrics that there are, and leave none out', () => {
    expect(expressions.filter(({ expr }) => metricsIn(expr).length === 0)).toEqual([]);
    const used = new Set(expressions.flatMap(({ expr }) => metricsIn(expr)));
    expect([...used].sort()).toEqual(Object.keys(labelsOf).sort());
  });

  it('ask by labels that their metrics have', () => {
    const wrong = expressions.flatMap(({ at, expr }) => {
      const asked = [...expr.matchAll(/by \(([^)]+)\)|\{(\w+)=~?/g)].flatMap(
        ([, by, filter]) => by?.split(', ') ?? filter ?? [],
      );
      return asked.filter((label) => !known(expr).includes(label)).map((label) => `${at}: ${label}`);
    });
    const told = [
      ...rules.map(({ alert, expr, annotations }) => ({ at: alert, expr, words: annotations.summary })),
      ...dashboard.panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr, legendFormat }) => ({ at: title, expr, words: legendFormat })),
      ),
    ].flatMap(({ at, expr, words }) =>
      [...words.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)]
        .map(([, label = '']) => label)
        .filter((label) => !known(expr).includes(label))
        .map((label) => `${at}: ${label}`),
    );
    expect([...wrong, ...told]).toEqual([]);
  });

  it('close what they open', () => {
    const open = expressions.filter(({ expr }) =>
      ['()', '{}', '[]'].some(([left = '', right = '']) => expr.split(left).length !== expr.split(right).length),
    );
    expect(open).toEqual([]);
  });

  it('tell of everything that operators wait for', () => {
    const alerts = Object.fromEntries(rules.map((rule) => [rule.alert, `${rule.expr} for ${rule.for}`]));
    expect(alerts).toMatchObject({
      NotReached: 'up == 0 for 2m',
      EventLogAway: 'convenant_event_log_up == 0 for 1m',
      ReaderStandsStill: 'convenant_reader_failing == 1 for 2m',
      ViewBehind: 'convenant_view_lag_seconds > 60 for 1m',
      LaneWaits: 'convenant_lane_oldest_seconds > 15 * 60 for 0m',
      ClosingOutstanding: 'convenant_closings_outstanding > 0 for 1h',
      MessageParked: 'convenant_messages_parked > 0 for 0m',
    });
  });
});

describe('what collects', () => {
  it('asks every service and every gateway, on the port that it listens at', () => {
    const listening = Object.entries(composed.services).flatMap(([name, each]) => {
      const { ORGANISATION_METRICS_PORT, GATEWAY_METRICS_PORT } = environmentOf(each);
      const port = ORGANISATION_METRICS_PORT ?? GATEWAY_METRICS_PORT;
      return port === undefined ? [] : [`${name}:${port}`];
    });
    const targets = prometheus.scrape_configs.flatMap(({ static_configs }) => static_configs);
    expect(targets.flatMap((each) => each.targets).sort()).toEqual(listening.sort());
    expect(
      targets.filter((each) => each.targets[0]?.replace(/^gateway-|:\d+$/g, '') !== each.labels.organisation),
    ).toEqual([]);
    expect(prometheus.rule_files).toEqual(['alerts.yml']);
  });

  it('takes traces where the services send them, and removes what could lead to a person', () => {
    const { receivers, processors, exporters, extensions, service } = yaml<{
      receivers: { otlp: { protocols: { http: { endpoint: string } } } };
      processors: Record<string, unknown>;
      exporters: Record<string, unknown>;
      extensions: Record<string, { endpoint: string }>;
      service: { extensions: string[]; pipelines: Record<string, Record<string, string[]>> };
    }>('infra/observe/collector.yaml');
    const { receivers: from, processors: through, exporters: to } = service.pipelines['traces'] ?? {};
    expect(from).toEqual(Object.keys(receivers));
    expect(through).toEqual(Object.keys(processors));
    expect(through).toContain('attributes/without-persons');
    expect(to).toEqual(Object.keys(exporters));
    expect(service.extensions).toEqual(Object.keys(extensions));
    const port = receivers.otlp.protocols.http.endpoint.split(':')[1];
    const sent = Object.values(composed.services).flatMap(
      (each) => environmentOf(each)['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? [],
    );
    expect(new Set(sent)).toEqual(new Set([`http://collector:${port}`]));
    const health = extensions['health_check']?.endpoint ?? '';
    expect(text('infra/images/collector.Dockerfile')).toContain(`http://${health}/`);
    expect(composed.services['collector']?.healthcheck?.test?.join(' ')).toContain(`http://${health}/`);
  });

  it('shows the dashboard from the one source of figures', () => {
    const { datasources } = yaml<{ datasources: { uid: string; url: string }[] }>(
      'infra/observe/grafana/datasources.yml',
    );
    const [source] = datasources;
    expect(new URL(source?.url ?? '').hostname).toBe('prometheus');
    const uids = dashboard.panels.flatMap(({ datasource }) => datasource?.uid ?? []);
    expect(new Set(uids)).toEqual(new Set([source?.uid]));
    expect(uids.length).toBeGreaterThan(10);
  });
});
