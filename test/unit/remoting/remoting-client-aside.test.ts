import { GET_MAX_OFFSET, GET_MIN_OFFSET } from '../../../lib/commands/offset'
import { type Loopback, echoNumbers, numbered, openLoopback } from '../../support/loopback'

describe('while all links beside the primary one are in use', () => {
  let loopback: Loopback
  afterEach(() => loopback.close())

  /** Two requests that wait for their answers by all the links that there are. */
  const openBusy = async () => {
    loopback = await openLoopback()
    loopback.server.hold(GET_MIN_OFFSET)
    const busy = [1, 2].map(number => loopback.client.invokeAside(loopback.address, GET_MIN_OFFSET, numbered(number)))
    const requests = [await loopback.server.next(GET_MIN_OFFSET), await loopback.server.next(GET_MIN_OFFSET)]
    const free = async (): Promise<void> => {
      for (const received of requests) received.reply({ code: 'SUCCESS', header: { offset: 0 } })
      await Promise.all(busy)
    }
    return { ...loopback, free }
  }

  it('a request aside waits for one no longer than its own time, and leaves none behind', async () => {
    const { server, clock, client, address, free } = await openBusy()
    echoNumbers(server)
    const late = client.invokeAside(address, GET_MAX_OFFSET, numbered(3), { timeoutMs: 500 })
    const failed = expect(late).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
      sent: 'NO',
      command: 'GET_MAX_OFFSET',
    })
    await clock.advance(500)
    await failed
    await free()
    await expect(client.invokeAside(address, GET_MAX_OFFSET, numbered(4))).resolves.toMatchObject({
      header: { offset: 4 },
    })
    expect(server.channels).toHaveLength(2)
  })

  it('a request aside ends with its signal', async () => {
    const { client, address, free } = await openBusy()
    const abort = new AbortController()
    const late = client.invokeAside(address, GET_MAX_OFFSET, numbered(3), { signal: abort.signal })
    abort.abort('enough')
    await expect(late).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
    await free()
  })

  it('a request aside that got one late has only the rest of its time', async () => {
    const { server, clock, client, address, free } = await openBusy()
    server.hold(GET_MAX_OFFSET)
    const late = client.invokeAside(address, GET_MAX_OFFSET, numbered(3), { timeoutMs: 500 })
    const failed = expect(late).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', sent: 'UNKNOWN' })
    await clock.advance(400)
    await free()
    await server.next(GET_MAX_OFFSET)
    await clock.advance(120)
    await failed
  })
})
