import type { ResolvedClientOptions } from '../client/client-options'
import type { ResolvedGroupOptions } from './group-options'

/** Offset files of broadcasting are found again by the client id, so it must not change from start to start, as in Java. */
export function withStableId(
  client: ResolvedClientOptions,
  { messageModel, broadcastOffsetKey }: Pick<ResolvedGroupOptions, 'messageModel' | 'broadcastOffsetKey'>,
): ResolvedClientOptions {
  const hasFile = messageModel === 'BROADCASTING' && broadcastOffsetKey === undefined
  return hasFile && client.instanceName === undefined ? { ...client, instanceName: 'DEFAULT' } : client
}
