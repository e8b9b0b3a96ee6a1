import * as vscode from 'vscode';
import { type ConnectionParams, GetMeter, ListMeters, type MeterRow } from '../../engine/rpc/protocol.ts';
import { type Address, formatAddress, parseAddress, parseInteger, parseObisItems } from '../inputs/addresses.ts';
import { type Questions, runSteps, type Step } from '../inputs/steps.ts';
import {
  type AssociationChoice,
  type ConnectionDefaults,
  connectionDefaults,
  rolesOf,
  type SecretRole,
} from '../model/connection-defaults.ts';
import { type Authentication, authentications } from '../model/mechanism.ts';
import { meterTitle, speaksDlms } from '../model/scan-row.ts';
import { chooseSecret } from '../secrets/choose-secret.ts';
import type { Workbench } from '../workbench.ts';

/** Meters offered for choice; others are entered by address. */
const offered = 500;
const maxSap = 0xffff;

/** What to read, from where and as whom. Secrets are names here; values are looked up when the read starts. */
export interface ReadPlan {
  readonly address?: Address;
  readonly meter?: MeterRow;
  readonly defaults?: ConnectionDefaults;
  readonly framing: 'wrapper' | 'hdlc';
  readonly referencing: 'LN' | 'SN';
  readonly client: number;
  readonly server: number;
  readonly hdlc?: NonNullable<ConnectionParams['hdlc']>;
  readonly authentication: Authentication;
  readonly security: ConnectionParams['security'];
  readonly suite: 0 | 1 | 2;
  readonly secretNames: Readonly<Partial<Record<SecretRole, string>>>;
  readonly items: readonly string[];
}

const start: ReadPlan = {
  framing: 'wrapper',
  referencing: 'LN',
  client: 16,
  server: 1,
  authentication: 'none',
  security: 'none',
  suite: 0,
  secretNames: {},
  items: [],
};

/** Asks for everything a read needs that is not known; undefined when the person gave up. */
export function askReadPlan(workbench: Workbench, address: Address | undefined): Promise<ReadPlan | undefined> {
  const steps: readonly Step<ReadPlan>[] = [
    (plan, questions) => askMeter(workbench, plan, questions, address),
    askFraming,
    askReferencing,
    askAssociation,
    askSecurity,
    (plan, questions) => askSecret(workbench, plan, questions, 'password'),
    (plan, questions) => askSecret(workbench, plan, questions, 'guek'),
    (plan, questions) => askSecret(workbench, plan, questions, 'gak'),
    (plan, questions) => askItems(workbench, plan, questions),
  ];
  return runSteps(vscode.l10n.t('Read Meter'), start, steps);
}

interface MeterItem extends vscode.QuickPickItem {
  readonly address?: Address;
}

async function askMeter(
  { engine, emulators }: Workbench,
  plan: ReadPlan,
  questions: Questions,
  given: Address | undefined,
): Promise<ReadPlan> {
  const { rows } = await engine.request(ListMeters, { offset: 0, limit: offered });
  const address = given ?? (await chooseAddress(emulators.instances, rows, questions));
  const meter = rows.find(({ host, port }) => host === address.host && port === address.port);
  const defaults = connectionDefaults(meter, emulators.endpointAt(address.host, address.port));
  const { framing = 'wrapper', referencing = 'LN', suite = 0, server } = defaults;
  return { ...plan, address, defaults, framing, referencing, suite, server, ...(meter === undefined ? {} : { meter }) };
}

async function chooseAddress(
  instances: Workbench['emulators']['instances'],
  rows: readonly MeterRow[],
  questions: Questions,
): Promise<Address> {
  const separator = (label: string): MeterItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: MeterItem[] = [
    { label: vscode.l10n.t('$(edit) Enter an address...') },
    separator(vscode.l10n.t('running in the emulator')),
    ...instances.flatMap(({ name, endpoints }) =>
      endpoints
        .slice(0, offered)
        .map((address) => ({ label: `$(vm-running) ${formatAddress(address)}`, description: name, address })),
    ),
    separator(vscode.l10n.t('found by a scan')),
    ...rows
      .filter(speaksDlms)
      .map((row) => ({ label: `$(pass) ${formatAddress(row)}`, description: meterTitle(row), address: row })),
  ];
  const { address } = await questions.pick({ placeholder: vscode.l10n.t('Meter'), items });
  if (address !== undefined) return address;
  const text = await questions.text({
    prompt: vscode.l10n.t('Address of the meter'),
    placeholder: '127.0.0.1:4059',
    problem: (typed) =>
      parseAddress(typed) === undefined ? vscode.l10n.t('Expected HOST:PORT, e.g. 127.0.0.1:4059') : undefined,
  });
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

async function askFraming(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  const { defaults } = plan;
  if (defaults?.framing !== undefined && (defaults.framing === 'wrapper' || defaults.hdlc !== undefined)) {
    return defaults.hdlc === undefined ? plan : { ...plan, hdlc: defaults.hdlc };
  }
  const framing =
    defaults?.framing ??
    (
      await questions.pick({
        placeholder: vscode.l10n.t('Framing'),
        items: [
          { label: 'wrapper', description: vscode.l10n.t('TCP wrapper (IEC 62056-47)'), framing: 'wrapper' as const },
          {
            label: 'hdlc',
            description: vscode.l10n.t('HDLC over TCP, e.g. behind a serial device server'),
            framing: 'hdlc' as const,
          },
        ],
      })
    ).framing;
  if (framing === 'wrapper') return { ...plan, framing };
  const { addressBytes } = await questions.pick({
    placeholder: vscode.l10n.t('Length of the HDLC server address'),
    items: ([1, 2, 4] as const).map((addressBytes) => ({
      label: addressBytes === 1 ? vscode.l10n.t('1 byte') : vscode.l10n.t('{0} bytes', addressBytes),
      addressBytes,
    })),
  });
  const lower =
    addressBytes === 1
      ? 0
      : await askNumber(questions, vscode.l10n.t('Lower HDLC address (physical device)'), 17, 0, 0x3fff);
  return { ...plan, framing, hdlc: { addressBytes, lower } };
}

async function askReferencing(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  if (plan.defaults?.referencing !== undefined) return plan;
  const { referencing } = await questions.pick({
    placeholder: vscode.l10n.t('Referencing'),
    items: [
      { label: 'LN', description: vscode.l10n.t('logical names'), referencing: 'LN' as const },
      { label: 'SN', description: vscode.l10n.t('short names'), referencing: 'SN' as const },
    ],
  });
  return { ...plan, referencing };
}

interface AssociationItem extends vscode.QuickPickItem {
  readonly association?: AssociationChoice;
}

async function askAssociation(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  const items: AssociationItem[] = (plan.defaults?.associations ?? [])
    .map((association) => ({
      label: vscode.l10n.t('$(person) Client {0}', association.client),
      description: [titleOf(association.authentication), association.ciphered ? vscode.l10n.t('ciphered') : undefined]
        .filter(Boolean)
        .join(', '),
      detail: association.established ? vscode.l10n.t('A scan held this association.') : undefined,
      association,
    }))
    .map(({ detail, ...item }) => (detail === undefined ? item : { ...item, detail }));
  items.push({ label: vscode.l10n.t('$(edit) Other client...'), alwaysShow: true });
  const { association } = await questions.pick({ placeholder: vscode.l10n.t('Association'), items });
  if (association !== undefined) {
    const { client, server, authentication, ciphered } = association;
    return { ...plan, client, server, authentication, security: ciphered ? 'authenc' : 'none' };
  }
  const client = await askNumber(questions, vscode.l10n.t('Client SAP'), 1, 1, maxSap);
  const server = await askNumber(questions, vscode.l10n.t('Server SAP (logical device)'), plan.server, 1, maxSap);
  const { id } = await questions.pick({
    placeholder: vscode.l10n.t('Authentication'),
    items: authentications.map(({ id, title }) => ({ label: title, description: id, id })),
  });
  return { ...plan, client, server, authentication: id, security: 'none' };
}

async function askSecurity(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  if (plan.authentication === 'none' && plan.security === 'none') return plan;
  const { security } = await questions.pick({
    placeholder: vscode.l10n.t('Protection of the messages'),
    items: [
      { label: vscode.l10n.t('None'), description: 'none', security: 'none' as const },
      { label: vscode.l10n.t('Authenticated'), description: 'auth', security: 'auth' as const },
      { label: vscode.l10n.t('Encrypted'), description: 'enc', security: 'enc' as const },
      { label: vscode.l10n.t('Authenticated and encrypted'), description: 'authenc', security: 'authenc' as const },
    ],
    active: (item) => item.security === (plan.authentication === 'gmac' ? 'authenc' : plan.security),
  });
  if (plan.defaults?.suite !== undefined || (security === 'none' && plan.authentication !== 'gmac'))
    return { ...plan, security };
  const { suite } = await questions.pick({
    placeholder: vscode.l10n.t('Security suite'),
    items: ([0, 1, 2] as const).map((suite) => ({ label: vscode.l10n.t('Suite {0}', suite), suite })),
  });
  return { ...plan, security, suite };
}

async function askSecret(
  { vault }: Workbench,
  plan: ReadPlan,
  questions: Questions,
  role: SecretRole,
): Promise<ReadPlan> {
  if (plan.address === undefined || !rolesOf(plan.authentication, plan.security).includes(role)) return plan;
  const name = await chooseSecret(vault, questions, role, formatAddress(plan.address), plan.secretNames[role]);
  return { ...plan, secretNames: { ...plan.secretNames, [role]: name } };
}

async function askItems({ engine }: Workbench, plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  const { meter } = plan;
  const choices = [
    { label: vscode.l10n.t('$(list-unordered) Every readable attribute of the object list'), act: 'all' as const },
    ...(meter !== undefined && meter.objectCount > 0
      ? [
          {
            label: vscode.l10n.t('$(checklist) Choose objects...'),
            description: vscode.l10n.t('{0} known from the scan', meter.objectCount),
            act: 'choose' as const,
          },
        ]
      : []),
    { label: vscode.l10n.t('$(edit) Enter OBIS codes...'), act: 'enter' as const },
  ];
  const { act } = await questions.pick({ placeholder: vscode.l10n.t('What to read'), items: choices });
  if (act === 'all') return { ...plan, items: [] };
  if (act === 'choose' && meter !== undefined) {
    const items = engine.request(GetMeter, { id: meter.id }).then(({ objects }) =>
      objects.map(({ obis, name, class: id }) => ({
        label: obis,
        description: name,
        detail: vscode.l10n.t('class {0}', id),
      })),
    );
    const chosen = await questions.pickMany({ placeholder: vscode.l10n.t('Objects to read'), items });
    return { ...plan, items: chosen.map(({ label }) => label) };
  }
  const text = await questions.text({
    prompt: vscode.l10n.t('OBIS codes, each with #attribute if one is wanted'),
    placeholder: '1-0:1.8.0.255#2, 0-0:1.0.0.255',
    problem: (typed) =>
      parseObisItems(typed) === undefined
        ? vscode.l10n.t('Expected codes like 1-0:1.8.0.255 or 1-0:1.8.0.255#2')
        : undefined,
  });
  return { ...plan, items: parseObisItems(text) ?? [] };
}

async function askNumber(
  questions: Questions,
  prompt: string,
  value: number,
  least: number,
  most: number,
): Promise<number> {
  const text = await questions.text({
    prompt,
    value: String(value),
    problem: (typed) =>
      parseInteger(typed, least, most) === undefined
        ? vscode.l10n.t('A number from {0} to {1}', least, most)
        : undefined,
  });
  return parseInteger(text, least, most) ?? value;
}

function titleOf(authentication: Authentication): string {
  return authentications.find(({ id }) => id === authentication)?.title ?? authentication;
}
