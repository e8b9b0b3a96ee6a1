import type { CaptureConnection } from '../codec/pcap/types.ts';

/** Which connections of a capture are wanted. */
export type ConnectionFilter = (connection: Pick<CaptureConnection, 'client' | 'server'>) => boolean;

/**
 * `192.0.2.1`, `192.0.2.1:4059`, `4059`, `:4059`, `2001:db8::1`, `[2001:db8::1]:4059`: connections with this host, port
 * or both on either side. Throws Error when the text is none of these.
 */
export function connectionFilter(text: string): ConnectionFilter {
  const { host, port } = hostAndPort(text.trim());
  return ({ client, server }) =>
    [client, server].some((endpoint) => {
      const at = endpoint.lastIndexOf(':');
      const hostFits = host === undefined || endpoint.slice(0, at) === host;
      return hostFits && (port === undefined || endpoint.slice(at + 1) === port);
    });
}

function hostAndPort(text: string): { readonly host?: string; readonly port?: string } {
  const onlyPort = /^:?(\d{1,5})$/.exec(text)?.[1];
  if (onlyPort !== undefined) return { port: checkedPort(onlyPort, text) };
  const bracketed = /^(\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(text);
  const plain = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/.exec(text);
  const [, host, port] = bracketed ?? plain ?? [];
  if (host !== undefined) return { host: host.toLowerCase(), ...(port && { port: checkedPort(port, text) }) };
  if (/^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(text)) return { host: `[${text.toLowerCase()}]` };
  throw new Error(`--filter ${text}: expected an IP address, a port, or both as ADDRESS:PORT`);
}

function checkedPort(port: string, text: string): string {
  const number = Number(port);
  if (number > 0xffff) throw new Error(`--filter ${text}: ${port} is no port`);
  return String(number);
}
