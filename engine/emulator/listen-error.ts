import { EmulatorError } from './errors.ts';

/** A system's refusal to listen as an error people can act on. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): EmulatorError {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new EmulatorError(
        'port-in-use',
        `port ${port} on ${host} is in use by another program`,
        `Stop that program or fleet, or choose another port with --listen, for example ${host}:${alternative(port)}.`,
      );
    case 'EACCES':
    case 'EPERM':
      return new EmulatorError(
        'not-permitted',
        `the system does not permit listening on ${where}`,
        port < 1024
          ? 'Ports below 1024 belong to the administrator: choose a higher one with --listen.'
          : 'Choose another address or port with --listen.',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EINVAL':
    case 'EAI_AGAIN':
      return new EmulatorError(
        'bad-listen',
        `${host} is not an address of this machine (${error.code})`,
        'Use an address of this machine, for example 127.0.0.1.',
      );
    case 'EMFILE':
    case 'ENFILE':
      return new EmulatorError(
        'too-few-descriptors',
        `no more sockets can be opened (${error.code} at ${where})`,
        'Raise the limit (ulimit -n), or use a block such as 127.1.0.0/16, which needs one socket for all meters.',
      );
    default:
      return new EmulatorError(
        'not-permitted',
        `listening on ${where} failed: ${error.code ?? error.message}`,
        'Choose another address or port with --listen.',
      );
  }
}

function alternative(port: number): number {
  return port + 1000 > 0xffff ? 14059 : port + 1000;
}
