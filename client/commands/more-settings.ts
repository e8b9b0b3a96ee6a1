import * as vscode from 'vscode';
import type { ConnectionParams } from '../../engine/rpc/protocol.ts';
import { parseGateway, parseSystemTitle } from '../inputs/addresses.ts';
import type { Questions } from '../inputs/steps.ts';

/** What few meters need. */
export type MoreSettings = Pick<
  ConnectionParams,
  'modeE' | 'gateway' | 'dedicatedKey' | 'contentKey' | 'signed' | 'serverTitle' | 'propose'
> & {
  /** System title of the client, 16 hex digits. */
  readonly clientTitle?: string;
};

/** What the settings hang on. */
interface Way {
  readonly framing: 'wrapper' | 'hdlc';
  readonly transport: 'tcp' | 'udp' | 'serial';
}

interface Setting {
  readonly title: string;
  readonly detail: string;
  /** In words; empty when it is not set. */
  readonly value: (more: MoreSettings) => string;
  readonly ask: (more: MoreSettings, questions: Questions) => Promise<MoreSettings>;
  readonly fits?: (way: Way) => boolean;
}

const contentKeys: Readonly<Record<NonNullable<MoreSettings['contentKey']>, string>> = {
  identified: 'the global unicast key',
  wrapped: 'a key wrapped under the master key',
  'one-pass': 'a key agreed on, one-pass C(1e, 1s)',
  static: 'a key agreed on, static C(0e, 2s)',
};
const proposals = ['access', 'general-block-transfer', 'general-protection'];

/** In the order they are listed. */
function settings(): readonly Setting[] {
  return [
    {
      title: vscode.l10n.t('Gateway'),
      detail: vscode.l10n.t('The meter is behind a gateway: network id and physical device address'),
      value: ({ gateway }) => (gateway === undefined ? '' : `${gateway.networkId}/${gateway.address}`),
      ask: async ({ gateway, ...more }, questions) => {
        const text = await questions.text({
          prompt: vscode.l10n.t('Network id and physical device address in hex; empty for no gateway'),
          value: gateway === undefined ? '' : `${gateway.networkId}/${gateway.address}`,
          placeholder: '1/0011',
          problem: (typed) =>
            typed.trim() === '' || parseGateway(typed) !== undefined
              ? undefined
              : vscode.l10n.t('Expected NETWORK/ADDRESS, e.g. 1/0011'),
        });
        const parsed = parseGateway(text);
        return parsed === undefined ? more : { ...more, gateway: parsed };
      },
    },
    {
      title: vscode.l10n.t('Mode E opening'),
      detail: vscode.l10n.t('IEC 62056-21 before HDLC, on a serial line or behind a serial server'),
      fits: ({ framing, transport }) => framing === 'hdlc' && transport !== 'udp',
      value: ({ modeE }) => {
        if (modeE === undefined) return '';
        return modeE.wakeUp === true ? vscode.l10n.t('yes, with wake-up') : vscode.l10n.t('yes');
      },
      ask: async ({ modeE, ...more }, questions) => {
        const chosen = await questions.pick({
          placeholder: vscode.l10n.t('Mode E opening'),
          items: [
            { label: vscode.l10n.t('No') },
            { label: vscode.l10n.t('Yes'), modeE: { ...modeE, wakeUp: false } },
            { label: vscode.l10n.t('Yes, waking the meter up first'), modeE: { ...modeE, wakeUp: true } },
          ],
        });
        return 'modeE' in chosen && chosen.modeE !== undefined ? { ...more, modeE: chosen.modeE } : more;
      },
    },
    {
      title: vscode.l10n.t('Content key'),
      detail: vscode.l10n.t('Protect by general-ciphering with this kind of key'),
      value: ({ contentKey }) => contentKey ?? '',
      ask: async ({ contentKey: _, ...more }, questions) => {
        const kinds = Object.entries(contentKeys).map(([label, description]) => ({ label, description }));
        const { label } = await questions.pick({
          placeholder: vscode.l10n.t('Key of general-ciphering'),
          items: [{ label: vscode.l10n.t('None'), description: vscode.l10n.t('no general-ciphering') }, ...kinds],
        });
        return isContentKey(label) ? { ...more, contentKey: label } : more;
      },
    },
    flag('signed', vscode.l10n.t('Sign services'), vscode.l10n.t('General-signing with ECDSA, suites 1 and 2')),
    flag(
      'dedicatedKey',
      vscode.l10n.t('Dedicated key'),
      vscode.l10n.t('Protect services with a key of this association only'),
    ),
    title('serverTitle', vscode.l10n.t('System title of the meter'), vscode.l10n.t('Agreed keys are made with it')),
    title(
      'clientTitle',
      vscode.l10n.t('System title of the client'),
      vscode.l10n.t('Some meters let in known ones only'),
    ),
    {
      title: vscode.l10n.t('Services to propose'),
      detail: vscode.l10n.t('Beside the usual ones: {0}', proposals.join(', ')),
      value: ({ propose = [] }) => propose.join(', '),
      ask: async ({ propose = [], ...more }, questions) => {
        const text = await questions.text({
          prompt: vscode.l10n.t('Any of {0}, separated by commas; empty for none', proposals.join(', ')),
          value: propose.join(', '),
          placeholder: proposals.join(', '),
          problem: (typed) => {
            const unknown = wordsOf(typed).find((word) => !proposals.includes(word));
            return unknown === undefined ? undefined : vscode.l10n.t('"{0}" is none of these', unknown);
          },
        });
        const chosen = wordsOf(text);
        return chosen.length === 0 ? more : { ...more, propose: chosen };
      },
    },
  ];
}

/** Lists the settings until the person is done with them. */
export async function askMoreSettings(more: MoreSettings, way: Way, questions: Questions): Promise<MoreSettings> {
  const listed = settings().filter(({ fits }) => fits?.(way) !== false);
  for (let current = more; ; ) {
    const items = [
      { label: vscode.l10n.t('$(check) Done') },
      ...listed.map((setting) => ({
        label: setting.title,
        description: setting.value(current) || vscode.l10n.t('not set'),
        detail: setting.detail,
        setting,
      })),
    ];
    const chosen = await questions.pick<vscode.QuickPickItem & { readonly setting?: Setting }>({
      placeholder: vscode.l10n.t('More settings of the connection'),
      items,
    });
    if (chosen.setting === undefined) return current;
    current = await chosen.setting.ask(current, questions);
  }
}

/** What is set, in a line. */
export function describeMore(more: MoreSettings): string {
  return settings()
    .map((setting) => ({ name: setting.title, value: setting.value(more) }))
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => `${name}: ${value}`)
    .join(', ');
}

function flag(name: 'signed' | 'dedicatedKey', title: string, detail: string): Setting {
  return {
    title,
    detail,
    value: (more) => (more[name] === true ? vscode.l10n.t('yes') : ''),
    ask: async ({ [name]: before, ...more }) => (before === true ? more : { ...more, [name]: true }),
  };
}

function title(name: 'serverTitle' | 'clientTitle', label: string, detail: string): Setting {
  return {
    title: label,
    detail,
    value: (more) => more[name] ?? '',
    ask: async ({ [name]: before = '', ...more }, questions) => {
      const text = await questions.text({
        prompt: vscode.l10n.t('{0}, 16 hex digits; empty for none', label),
        value: before,
        placeholder: '4d4d4d0000bc614e',
        problem: (typed) =>
          typed.trim() === '' || parseSystemTitle(typed) !== undefined
            ? undefined
            : vscode.l10n.t('Expected 16 hex digits'),
      });
      const parsed = parseSystemTitle(text);
      return parsed === undefined ? more : { ...more, [name]: parsed };
    },
  };
}

function isContentKey(label: string): label is NonNullable<MoreSettings['contentKey']> {
  return Object.hasOwn(contentKeys, label);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
