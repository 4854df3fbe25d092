import type { JavaPeer } from './java-peer'

/** Calls the real admin tool with a command and its options, and resolves with what it printed, errors included. */
export type AdminTool = (...args: string[]) => Promise<string>

/**
 * The admin tool on a cluster, in the JVM of a peer, as one of its own takes seconds for each call. The tool waits 5 s
 * for an answer, which on a busy machine it needs to get going: what may be said twice is then said once more.
 */
export function adminToolOf(peer: JavaPeer, namesrvAddr: string): AdminTool {
  return async (...args) => {
    const call = (): Promise<string> => peer.admin([...args, '-n', namesrvAddr])
    const printed = await call()
    return mayRepeat(args) && printed.includes('RemotingTimeoutException') ? call() : printed
  }
}

/** What sends a message, or has a member of a group consume one, would do so twice. */
function mayRepeat(args: readonly string[]): boolean {
  return args[0] !== 'sendMessage' && !args.includes('-d')
}
