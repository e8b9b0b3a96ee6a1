/** Values of `--layer`. Apart from the decoder, so that the help needs no codec. */
export const decodeLayers = ['auto', 'hdlc', 'wrapper', 'llc', 'apdu', 'data', 'mbus'] as const;
