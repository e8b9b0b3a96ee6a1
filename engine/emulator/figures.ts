/** What a running fleet has done since it was started. */
export interface EmulatorFigures {
  /** Connections open now. */
  sessions: number;
  requests: number;
  octetsIn: number;
  octetsOut: number;
  /** Broken frames, refused connections, sockets that failed. */
  errors: number;
}

export function noFigures(): EmulatorFigures {
  return { sessions: 0, requests: 0, octetsIn: 0, octetsOut: 0, errors: 0 };
}
