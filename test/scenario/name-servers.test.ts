import { AdminClient } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { Forwarder } from '../support/forwarder'
import { Load } from '../support/load'
import type { Site } from '../support/site'

/** A port in front of a name server that can be opened and closed. */
async function forwarder(site: Site): Promise<Forwarder> {
  const made = new Forwarder(site.namesrvAddr.split(';')[0] as string)
  site.onEnd(() => made.close())
  await made.open()
  return made
}

describeScenario('a name server that cannot be reached', cluster => {
  cluster.it('fails every start at once, with its address and the reason', async site => {
    const gone = await forwarder(site)
    await gone.close()
    const namesrvAddr = gone.address
    const producer = site.newProducer({ namesrvAddr })
    const consumer = site
      .newConsumer({ namesrvAddr })
      .subscribe('Topic')
      .consumeEach(() => undefined)
    const admin = new AdminClient({ namesrvAddr })
    const began = Date.now()
    for (const member of [producer, consumer, admin]) {
      const error = { code: 'NO_NAME_SERVER', message: expect.stringMatching(`${namesrvAddr}.*ECONNREFUSED`) }
      await expect(member.start()).rejects.toMatchObject(error)
      await expect(member.start()).rejects.toMatchObject(error)
      await member.shutdown()
    }
    expect(Date.now() - began).toBeLessThan(9000)
  })

  cluster.it('is waited for where that is wished: until the time is up', async site => {
    const gone = await forwarder(site)
    await gone.close()
    const producer = site.newProducer({ namesrvAddr: gone.address })
    const began = Date.now()
    const start = producer.start({ waitForNameServer: true, timeoutMs: 500 })
    await expect(start).rejects.toMatchObject({ code: 'START_TIMEOUT', message: expect.stringContaining('500 ms') })
    expect(Date.now() - began).toBeLessThan(9000)
  })

  cluster.it('fault 4: is waited for where that is wished: until it comes up', async site => {
    const topic = await site.freshTopic(1)
    const load = new Load(site)
    const late = await forwarder(site)
    await late.close()
    const namesrvAddr = late.address
    const producer = site.newProducer({ namesrvAddr })
    const consumer = site.newConsumer({ namesrvAddr }).subscribe(topic).consumeEach(load.take)
    const starts = Promise.all([producer, consumer].map(member => member.start({ waitForNameServer: true })))
    await expect(site.producer({ namesrvAddr })).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    await late.open()
    load.recovery.faultEnds()
    await starts
    load.start(producer, topic, { atATime: 2 })
    await load.acknowledged(20)
    await load.tell(4, 'no name server is there at the start', { withinMs: 10_000 })
    expect(load.failed).toEqual([])
  })

  cluster.it('is passed over where another one of the list answers', async site => {
    const topic = await site.freshTopic(1)
    const gone = await forwarder(site)
    await gone.close()
    const namesrvAddr = [gone.address, ...site.namesrvAddr.split(';')]
    for (let round = 0; round < 4; round++) {
      const producer = await site.producer({ namesrvAddr })
      expect(await producer.send({ topic, body: 'x' })).toMatchObject({ sendStatus: 'SEND_OK' })
      await producer.shutdown()
    }
  })

  cluster.it('once it was reached does not matter to what runs: known routes are used', async site => {
    const topic = await site.freshTopic(1)
    const server = await forwarder(site)
    const [namesrvAddr, pollNameServerIntervalMs] = [server.address, 50]
    const producer = await site.producer({ namesrvAddr, pollNameServerIntervalMs })
    const { inbox } = await site.reader(topic, { namesrvAddr, pollNameServerIntervalMs })
    await producer.send({ topic, body: 'before' })
    await server.close()
    const reported = () => site.backgroundErrors.filter(({ code }) => code === 'NO_NAME_SERVER').length
    await site.until(() => reported() >= 2, { what: 'reports of polls that failed' })
    await producer.send({ topic, body: 'after' })
    await inbox.text('after')
    await server.open()
    const other = await site.freshTopic(1)
    expect(await producer.send({ topic: other, body: 'routes are asked for again' })).toMatchObject({
      sendStatus: 'SEND_OK',
    })
  })

  cluster.it('and no address at all is an error before anything is started', async site => {
    expect(() => site.newProducer({ namesrvAddr: '' })).toThrow(expect.objectContaining({ code: 'NO_NAME_SERVER' }))
    expect(() => site.newProducer({ namesrvAddr: [] })).toThrow(expect.objectContaining({ code: 'NO_NAME_SERVER' }))
  })
})
