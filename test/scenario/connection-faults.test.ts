import { describeSideBySide } from '../support/cluster'
import { Load } from '../support/load'
import { Wires } from '../support/wires'

describeSideBySide('connections', cluster => {
  cluster.it('fault 6: that are reset again and again under load lose no acknowledged message', async site => {
    const wires = new Wires()
    site.onEnd(() => wires.close())
    const topic = await site.freshTopic()
    const load = new Load(site)
    const advanced = { dialer: wires.dialer }
    const producer = await site.producer({ advanced, sendTimeoutMs: 10_000, retryTimesWhenSendFailed: 10 })
    await site.consumer(topic, { advanced }, load.take)
    load.start(producer, topic)
    for (let round = 0; round < 5; round++) {
      await load.acknowledged(50)
      await wires.each(wire => wire.break())
      load.recovery.faultEnds()
    }
    await load.acknowledged(50)
    await load.tell(6, 'all connections are reset, 5 times', { withinMs: 3000 })
    expect(load.failed).toEqual([])
  })

  cluster.it('that fall silent are found out and replaced', async site => {
    const wires = new Wires()
    site.onEnd(() => wires.close())
    const topic = await site.freshTopic()
    const inbox = site.newInbox()
    const options = { advanced: { dialer: wires.dialer }, requestTimeoutMs: 2000, heartbeatBrokerIntervalMs: 200 }
    const producer = await site.producer(options)
    await site.consumer(topic, options, inbox.take)
    await producer.send({ topic, body: 'before' })
    await inbox.text('before')
    await wires.each(wire => wire.fallSilent())
    await expect(producer.send({ topic, body: 'silence' }, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'SEND_TIMEOUT',
      sent: 'UNKNOWN',
    })
    const closed = () => site.backgroundErrors.some(({ code }) => code === 'CHANNEL_CLOSED')
    await site.until(closed, { what: 'a connection that was given up', withinMs: 25_000 })
    await wires.each(wire => wire.speakAgain())
    await producer.send({ topic, body: 'after' }, { timeoutMs: 10_000 })
    await inbox.text('after')
  })
})
