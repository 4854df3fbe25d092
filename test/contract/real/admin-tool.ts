import type { JavaPeer } from './java-peer'

/** Calls the real admin tool with a command and its options, and resolves with what it printed, errors included. */
export type AdminTool = (...args: string[]) => Promise<string>

/** The admin tool on a cluster, in the JVM of a peer, as one of its own takes seconds for each call. */
export function adminToolOf(peer: JavaPeer, namesrvAddr: string): AdminTool {
  return (...args) => untilAnswered(args, () => peer.admin([...args, '-n', namesrvAddr]))
}

/**
 * Calls the tool once more where it had no answer. It waits 5 s for one, which on a busy machine its own JVM needs to get
 * going.
 */
export async function untilAnswered(args: readonly string[], call: () => Promise<string>): Promise<string> {
  const printed = await call()
  return mayRepeat(args) && printed.includes('RemotingTimeoutException') ? call() : printed
}

/** What sends a message, or has a member of a group consume one, would do so twice. */
function mayRepeat(args: readonly string[]): boolean {
  return args[0] !== 'sendMessage' && !args.includes('-d')
}
