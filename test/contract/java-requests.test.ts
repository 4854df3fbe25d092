import { describeWithJava, javaReader } from './with-java'

describeWithJava('requests', it => {
  it('of Java are replied to by a consumer of ours', async (site, peer) => {
    const topic = await site.freshTopic(4)
    const producer = await site.producer()
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consumeEach(async request => void (await producer.reply(request, `ours: ${request.text()}`)))
    await consumer.start()
    expect(await peer.request(site.namesrvAddr, topic, '订单')).toBe('ours: 订单')
  })

  it('of ours are replied to by a Java consumer', async (site, peer) => {
    const topic = await site.freshTopic(4)
    await javaReader(site, peer, topic, { mode: 'reply' })
    const producer = await site.producer()
    const replies = await Promise.all(
      ['a', '订单'].map(body => producer.request({ topic, body }, { timeoutMs: 20_000 })),
    )
    expect(replies.map(reply => reply.text())).toEqual(['Java: a', 'Java: 订单'])
  })
})
