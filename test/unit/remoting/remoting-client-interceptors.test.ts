import { encodeRequest } from '../../../lib/commands/command'
import { GET_MAX_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import type { RpcInterceptor } from '../../../lib/remoting/rpc-interceptor'
import { echoNumbers, numbered, openLoopback } from '../../support/loopback'
import { RecordedRequest } from '../../support/pending'

const COMMIT = { header: { consumerGroup: 'g', topic: 'T', queueId: 1, commitOffset: 2 } }
const HOT = encodeRequest(GET_MAX_OFFSET, numbered(5))

describe('a RemotingClient with interceptors', () => {
  it('runs them around every form of a request, over whatever link', async () => {
    const seen: string[] = []
    const interceptor: RpcInterceptor = async (context, next) => {
      const response = await next()
      seen.push(`${context.command} ${context.oneway ? 'oneway' : (response?.code ?? 'nothing')}`)
      return response
    }
    const loopback = await openLoopback({ interceptors: [interceptor] })
    const { server, client, address } = loopback
    echoNumbers(server)
    await client.invoke(address, GET_MAX_OFFSET, numbered(7))
    await client.invokeAside(address, GET_MAX_OFFSET, numbered(7))
    await client.invokeOneway(address, UPDATE_CONSUMER_OFFSET, COMMIT)
    const hot = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const entry = new RecordedRequest(GET_MAX_OFFSET, HOT)
        entry.onReply = resolve
        entry.onFailed = reject
        client.request(address, entry, 1000)
      })
    await hot()
    await client.release(address)
    await hot()
    expect(seen.slice(0, 3)).toEqual([
      'GET_MAX_OFFSET SUCCESS',
      'GET_MAX_OFFSET SUCCESS',
      'UPDATE_CONSUMER_OFFSET oneway',
    ])
    expect(seen).toHaveLength(5)
    await loopback.close()
  })
})
