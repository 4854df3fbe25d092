import { GET_MAX_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { encodeRequest } from '../../../lib/commands/command'
import type { Credentials } from '../../../lib/remoting/credentials'
import { CredentialsKeeper } from '../../../lib/remoting/credentials-keeper'
import { RemotingClient } from '../../../lib/remoting/remoting-client'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { clientOptions, echoNumbers, numbered } from '../../support/loopback'
import { RecordedRequest } from '../../support/pending'
import { ScriptedServer } from '../../support/scripted-server'

const COMMIT = { header: { consumerGroup: 'g', topic: 'T', queueId: 1, commitOffset: 2 } }
const REFUSED = 'check signature failed.'

describe('RemotingClient with credentials', () => {
  let clock: ManualClock
  let server: ScriptedServer
  let client: RemotingClient
  /** What the provider gives, one after the other; the last again and again. */
  let answers: (() => Promise<Credentials>)[]
  const keys = (accessKey: string) => (): Promise<Credentials> => Promise.resolve({ accessKey, secretKey: 's' })
  const signers = (): unknown[] => server.frames.map(({ extFields }) => extFields?.['AccessKey'])

  beforeEach(async () => {
    clock = new ManualClock()
    server = await ScriptedServer.start({ clock })
    answers = [keys('one')]
    const provider = (): Promise<Credentials> => ((answers.length > 1 ? answers.shift() : answers[0]) ?? keys('none'))()
    const credentials = new CredentialsKeeper({ credentials: provider, clock, onRenewalFailed: () => undefined })
    client = new RemotingClient({ ...clientOptions(clock), credentials })
  })
  afterEach(async () => {
    await server.stop()
    await client.close()
  })

  it('signs requests of every form', async () => {
    echoNumbers(server)
    const { address } = server
    const entry = new RecordedRequest(GET_MAX_OFFSET, encodeRequest(GET_MAX_OFFSET, numbered(1)))
    client.request(address, entry, 3000)
    await client.invoke(address, GET_MAX_OFFSET, numbered(2))
    await client.invokeAside(address, GET_MAX_OFFSET, numbered(3))
    await client.invokeOneway(address, UPDATE_CONSUMER_OFFSET, COMMIT)
    await clock.advance(0)
    expect(entry.replies).toHaveLength(1)
    expect(signers()).toEqual(['one', 'one', 'one', 'one'])
    expect(server.frames.every(({ extFields }) => typeof extFields?.['Signature'] === 'string')).toBe(true)
  })

  it('waits for keys no more when it is closed', async () => {
    answers = [() => new Promise(() => undefined)]
    const asked = expect(client.invoke(server.address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      cause: { code: 'ABORTED' },
    })
    await clock.advance(0)
    await client.close()
    await asked
  })

  it('tells requests of every form that there are no keys, and sends nothing', async () => {
    answers = [() => Promise.reject(new Error('no keys today'))]
    const { address } = server
    const entry = new RecordedRequest(GET_MAX_OFFSET, encodeRequest(GET_MAX_OFFSET, numbered(1)))
    const failure = new Promise(resolve => (entry.onFailed = resolve))
    client.request(address, entry, 3000)
    const failed = { code: 'CREDENTIALS_FAILED', sent: 'NO', retriable: true }
    await expect(failure).resolves.toMatchObject(failed)
    await expect(client.invoke(address, GET_MAX_OFFSET, numbered(2))).rejects.toMatchObject(failed)
    await expect(client.invokeOneway(address, UPDATE_CONSUMER_OFFSET, COMMIT)).rejects.toMatchObject(failed)
    expect(server.frames).toEqual([])
  })

  it('limits the wait for keys by the time of the request', async () => {
    answers = [() => new Promise(() => undefined)]
    const waiting = expect(client.invoke(server.address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 500 })).rejects
    const failed = waiting.toMatchObject({ code: 'CREDENTIALS_FAILED', command: 'GET_MAX_OFFSET', sent: 'NO' })
    await clock.advance(500)
    await failed
  })

  it('sends what was refused for its keys once more with others, and once only', async () => {
    answers = [keys('old'), keys('new'), keys('newest')]
    server.hold(GET_MAX_OFFSET)
    const answer = client.invoke(server.address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 60_000 })
    const failed = expect(answer).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED', remark: REFUSED })
    const first = await server.next(GET_MAX_OFFSET)
    await clock.advance(10_000)
    first.refuse('NO_PERMISSION', REFUSED)
    const second = await server.next(GET_MAX_OFFSET)
    await clock.advance(10_000)
    second.refuse('NO_PERMISSION', REFUSED)
    await failed
    expect(signers()).toEqual(['old', 'new'])
  })

  it('gives other refusals to whoever asked', async () => {
    server.hold(GET_MAX_OFFSET)
    const answer = client.invoke(server.address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 60_000 })
    const failed = expect(answer).rejects.toMatchObject({ code: 'BROKER_ERROR' })
    const first = await server.next(GET_MAX_OFFSET)
    await clock.advance(10_000)
    first.refuse('NO_PERMISSION', 'the topic may not be read')
    await failed
    expect(server.frames).toHaveLength(1)
  })
})
