import * as vscode from 'vscode';
import { type ConnectionParams, GetMeter, ListMeters, type MeterRow } from '../../engine/rpc/protocol.ts';
import {
  formatAddress,
  type MeterAddress,
  parseInteger,
  parseMeterAddress,
  parseObisItems,
} from '../inputs/addresses.ts';
import { type Questions, runSteps, type Step } from '../inputs/steps.ts';
import {
  type AssociationChoice,
  type ConnectionDefaults,
  connectionDefaults,
  rolesOf,
  type SecretRole,
  secretRoles,
} from '../model/connection-defaults.ts';
import { type Authentication, authentications } from '../model/mechanism.ts';
import { meterTitle, speaksDlms } from '../model/scan-row.ts';
import { chooseSecret } from '../secrets/choose-secret.ts';
import type { Workbench } from '../workbench.ts';
import { describeConnection, recallConnection } from './last-connection.ts';
import { askMoreSettings, describeMore, type MoreSettings } from './more-settings.ts';
import { askSerialLine, askSerialPort } from './serial-questions.ts';

/** Meters offered for choice; others are entered by address. */
const offered = 500;
const maxSap = 0xffff;

/** How to talk to a meter, and as whom. Secrets are names here; values are looked up when the read starts. */
export interface ConnectionPlan {
  readonly framing: 'wrapper' | 'hdlc';
  readonly referencing: 'LN' | 'SN';
  readonly client: number;
  readonly server: number;
  readonly hdlc?: NonNullable<ConnectionParams['hdlc']>;
  readonly serial?: NonNullable<ConnectionParams['serial']>;
  readonly authentication: Authentication;
  readonly security: ConnectionParams['security'];
  readonly suite: 0 | 1 | 2;
  readonly more: MoreSettings;
  readonly secretNames: Readonly<Partial<Record<SecretRole, string>>>;
}

/** What to read, and from where. */
export interface ReadPlan extends ConnectionPlan {
  readonly address?: MeterAddress;
  readonly meter?: MeterRow;
  readonly defaults?: ConnectionDefaults;
  /** The connection is the one of last time: nothing about it is asked. */
  readonly asLast?: true;
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
  more: {},
  secretNames: {},
  items: [],
};

/** Asks for everything a read needs that is not known; undefined when the person gave up. */
export function askReadPlan(workbench: Workbench, address: MeterAddress | undefined): Promise<ReadPlan | undefined> {
  const unlessLast =
    (step: Step<ReadPlan>): Step<ReadPlan> =>
    async (plan, questions) =>
      plan.asLast === true ? plan : step(plan, questions);
  const steps: readonly Step<ReadPlan>[] = [
    (plan, questions) => askMeter(workbench, plan, questions, address),
    (plan, questions) => askAsLast(workbench, plan, questions),
    ...[askLine, askFraming, askReferencing, askAssociation, askSecurity].map(unlessLast),
    ...secretRoles.map(
      (role): Step<ReadPlan> =>
        (plan, questions) =>
          askSecret(workbench, plan, questions, role),
    ),
    (plan, questions) => askItems(workbench, plan, questions),
  ];
  return runSteps(vscode.l10n.t('Read Meter'), start, steps);
}

interface MeterItem extends vscode.QuickPickItem {
  readonly address?: MeterAddress;
  readonly act?: 'serial';
}

async function askMeter(
  workbench: Workbench,
  plan: ReadPlan,
  questions: Questions,
  given: MeterAddress | undefined,
): Promise<ReadPlan> {
  const { engine, emulators } = workbench;
  const { rows } = await engine.request(ListMeters, { offset: 0, limit: offered });
  const address = given ?? (await chooseAddress(workbench, rows, questions));
  const meter = rows.find(({ host, port }) => host === address.host && port === address.port);
  const defaults = connectionDefaults(meter, emulators.endpointAt(address.host, address.port));
  const { framing = 'wrapper', referencing = 'LN', suite = 0, server } = defaults;
  return { ...plan, address, defaults, framing, referencing, suite, server, ...(meter === undefined ? {} : { meter }) };
}

async function chooseAddress(
  workbench: Workbench,
  rows: readonly MeterRow[],
  questions: Questions,
): Promise<MeterAddress> {
  const separator = (label: string): MeterItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: MeterItem[] = [
    { label: vscode.l10n.t('$(edit) Enter an address...') },
    { label: vscode.l10n.t('$(plug) Serial port...'), act: 'serial' },
    separator(vscode.l10n.t('running in the emulator')),
    ...workbench.emulators.instances.flatMap(({ name, endpoints }) =>
      endpoints
        .slice(0, offered)
        .map((address) => ({ label: `$(vm-running) ${formatAddress(address)}`, description: name, address })),
    ),
    separator(vscode.l10n.t('found by a scan')),
    ...rows
      .filter(speaksDlms)
      .map((row) => ({ label: `$(pass) ${formatAddress(row)}`, description: meterTitle(row), address: row })),
  ];
  const { address, act } = await questions.pick<MeterItem>({ placeholder: vscode.l10n.t('Meter'), items });
  if (address !== undefined) return address;
  if (act === 'serial') return { host: await askSerialPort(workbench, questions), port: 0, over: 'serial' };
  const text = await questions.text({
    prompt: vscode.l10n.t('Address of the meter: HOST:PORT, udp:HOST:PORT or serial:PATH'),
    placeholder: '127.0.0.1:4059',
    problem: (typed) =>
      parseMeterAddress(typed) === undefined
        ? vscode.l10n.t('Expected for example 127.0.0.1:4059, udp:127.0.0.1:4059 or serial:/dev/ttyUSB0')
        : undefined,
  });
  const parsed = parseMeterAddress(text);
  if (parsed === undefined) throw new Error(`unreadable address ${text}`);
  return parsed;
}

/** Offers the connection of the last read of this meter. */
async function askAsLast({ memory, vault }: Workbench, plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  const last = plan.address === undefined ? undefined : recallConnection(memory, plan.address);
  if (last === undefined) return plan;
  const { again } = await questions.pick({
    placeholder: vscode.l10n.t('Connection'),
    items: [
      { label: vscode.l10n.t('$(history) As last time'), description: describeConnection(last), again: true },
      { label: vscode.l10n.t('$(edit) Another association or other settings...'), again: false },
    ],
  });
  if (!again) return plan;
  const known = new Set(await vault.knownNames());
  const names = Object.entries(last.secretNames).filter(([, name]) => known.has(name));
  return { ...plan, ...last, secretNames: Object.fromEntries(names), asLast: true };
}

/** Of a serial line: whether the meter wants the mode E opening, and the speed. */
async function askLine(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  if (plan.address?.over !== 'serial') return plan;
  const { act } = await questions.pick({
    placeholder: vscode.l10n.t('How the meter is to be spoken to on this line'),
    items: [
      { label: vscode.l10n.t('HDLC at once'), description: '9600 8N1', act: 'usual' as const },
      {
        label: vscode.l10n.t('Mode E opening, then HDLC'),
        description: vscode.l10n.t('optical heads: IEC 62056-21, 300 bit/s first'),
        act: 'mode-e' as const,
      },
      { label: vscode.l10n.t('HDLC at another speed...'), act: 'other' as const },
    ],
  });
  const { modeE: _, ...more } = plan.more;
  if (act === 'mode-e') return { ...plan, framing: 'hdlc', more: { ...more, modeE: {} } };
  const serial = act === 'usual' ? { speed: 9600, format: '8N1' } : await askSerialLine(questions, '2400 8E1');
  return { ...plan, framing: 'hdlc', serial, more };
}

async function askFraming(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  const { defaults } = plan;
  if (defaults?.framing !== undefined && (defaults.framing === 'wrapper' || defaults.hdlc !== undefined)) {
    return defaults.hdlc === undefined ? plan : { ...plan, hdlc: defaults.hdlc };
  }
  const framing =
    defaults?.framing ??
    framingOf(plan) ??
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

/** What the way to the meter leaves no choice about. */
function framingOf({ address, framing }: ReadPlan): ReadPlan['framing'] | undefined {
  if (address?.over === 'udp') return 'wrapper';
  return address?.over === 'serial' ? framing : undefined;
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
  readonly act?: 'more';
}

async function askAssociation(plan: ReadPlan, questions: Questions): Promise<ReadPlan> {
  const transport = plan.address?.over ?? 'tcp';
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
  const set = describeMore(plan.more);
  items.push(
    { label: vscode.l10n.t('$(edit) Other client...'), alwaysShow: true },
    {
      label: vscode.l10n.t('$(settings-gear) More settings...'),
      description: set === '' ? vscode.l10n.t('gateway, mode E, general protection, system titles') : set,
      alwaysShow: true,
      act: 'more',
    },
  );
  const { association, act } = await questions.pick<AssociationItem>({
    placeholder: vscode.l10n.t('Association'),
    items,
  });
  if (act === 'more') {
    const more = await askMoreSettings(plan.more, { framing: plan.framing, transport }, questions);
    return askAssociation({ ...plan, more }, questions);
  }
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
  const { more } = plan;
  const needed = more.contentKey !== undefined || more.signed === true || more.dedicatedKey === true;
  if (plan.authentication === 'none' && plan.security === 'none' && !needed) return plan;
  const { security } = await questions.pick({
    placeholder: vscode.l10n.t('Protection of the messages'),
    items: [
      ...(needed ? [] : [{ label: vscode.l10n.t('None'), description: 'none', security: 'none' as const }]),
      { label: vscode.l10n.t('Authenticated'), description: 'auth', security: 'auth' as const },
      { label: vscode.l10n.t('Encrypted'), description: 'enc', security: 'enc' as const },
      { label: vscode.l10n.t('Authenticated and encrypted'), description: 'authenc', security: 'authenc' as const },
    ],
    active: (item) => item.security === (plan.authentication === 'gmac' || needed ? 'authenc' : plan.security),
  });
  // Suite 0 has no signatures and no key agreement.
  const agreed = more.contentKey === 'one-pass' || more.contentKey === 'static';
  const asymmetric = plan.authentication === 'ecdsa' || more.signed === true || agreed;
  const known = plan.defaults?.suite;
  const hasKeys = security !== 'none' || plan.authentication === 'gmac' || asymmetric;
  if (!hasKeys || (known !== undefined && (known > 0 || !asymmetric))) return { ...plan, security };
  const { suite } = await questions.pick({
    placeholder: vscode.l10n.t('Security suite'),
    items: ([0, 1, 2] as const)
      .filter((suite) => suite > 0 || !asymmetric)
      .map((suite) => ({ label: vscode.l10n.t('Suite {0}', suite), suite })),
  });
  return { ...plan, security, suite };
}

async function askSecret(
  { vault }: Workbench,
  plan: ReadPlan,
  questions: Questions,
  role: SecretRole,
): Promise<ReadPlan> {
  const { address, more, authentication, security, secretNames } = plan;
  if (address === undefined || !rolesOf({ ...more, authentication, security }).includes(role)) return plan;
  if (plan.asLast === true && secretNames[role] !== undefined) return plan;
  const name = await chooseSecret(vault, questions, role, formatAddress(address), secretNames[role]);
  return { ...plan, secretNames: { ...secretNames, [role]: name } };
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
