using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <content>What clients attach to.</content>
internal sealed partial class FakeServiceBus
{
    private const string Management = "/$management";
    private const string DeadLetters = "/$DeadLetterQueue";
    private const string Subscriptions = "/Subscriptions/";

    private static readonly Symbol SessionFilter = new("com.microsoft:session-filter");

    public void Process(AttachContext attachContext)
    {
        var isSender = attachContext.Link.Role;
        var address = (isSender ? ((Target)attachContext.Attach.Target)?.Address : ((Source)attachContext.Attach.Source)?.Address) ?? "";
        try
        {
            Attach(attachContext, isSender, address);
        }
        catch (AmqpException error)
        {
            attachContext.Complete(error.Error);
        }
    }

    private void Attach(AttachContext context, bool isSender, string address)
    {
        var entity = address.EndsWith(Management, StringComparison.Ordinal) ? address[..^Management.Length] : address;
        lock (_lock)
        {
            if (address != "$cbs")
            {
                var policy = PolicyFor(context.Link, address)
                    ?? throw Refusal("amqp:unauthorized-access", $"No token for {address} was put.");
                var isAllowed = address != entity ? policy.CanListen : isSender ? policy.CanSend : policy.CanListen;
                if (!isAllowed)
                {
                    throw Refusal("amqp:unauthorized-access", $"The policy {policy.Name} has no right to {entity}.");
                }

                _links.Add((context.Link, address));
                context.Link.Closed += (sender, _) => Forget((ListenerLink)sender);
            }

            if (address == "$cbs" || address != entity)
            {
                AttachRequests(context, isSender, address, entity);
            }
            else if (isSender)
            {
                AttachPublisher(context, address);
            }
            else
            {
                AttachConsumer(context, QueueAt(address));
            }
        }
    }

    private void AttachRequests(AttachContext context, bool isSender, string address, string entity)
    {
        var queue = address == "$cbs" ? null : QueueAt(entity);
        if (isSender)
        {
            context.Complete(new RequestEndpoint(request => Answer(context.Link, queue, request)), 200);
            return;
        }

        var replyTo = ((Target)context.Attach.Target).Address;
        _replies[replyTo] = context.Link;
        context.Link.Closed += (_, _) =>
        {
            lock (_lock)
            {
                _replies.Remove(replyTo);
            }
        };
        context.Complete(new ConsumerEndpoint((_, _) => { }, (_, _) => { }), 0);
    }

    private void AttachPublisher(AttachContext context, string address)
    {
        if (!_topics.TryGetValue(address, out var topic))
        {
            throw Refusal("amqp:not-found", $"The messaging entity '{address}' could not be found.");
        }

        context.Attach.MaxMessageSize = MaxMessage;
        context.Complete(new RequestEndpoint(message => Take(topic, message)), 500);
    }

    private void AttachConsumer(AttachContext context, FakeQueue queue)
    {
        var filter = ((Source)context.Attach.Source).FilterSet;
        var wantsSession = filter?.ContainsKey(SessionFilter) == true;
        if (wantsSession != queue.HasSessions)
        {
            throw Refusal("amqp:not-allowed", "A session is needed where the entity requires one, and only there.");
        }

        if (!wantsSession)
        {
            var consumer = new FakeConsumer(context.Link, session: null);
            Consume(queue, consumer, context);
            return;
        }

        Assert.Null(filter![SessionFilter]);
        var patience = context.Attach.Properties?[new Symbol("com.microsoft:timeout")] is uint milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.FromMinutes(1);
        queue.Accepts.Add(new FakeAccept(context, DateTimeOffset.UtcNow + patience));
    }

    // Thread: under the lock.
    private void Grant(FakeQueue queue, AttachContext context, string session, DateTimeOffset now)
    {
        var consumer = new FakeConsumer(context.Link, session) { SessionUntil = now + queue.LockTime };
        ((Source)context.Attach.Source).FilterSet = new Map { [SessionFilter] = session };
        context.Attach.Properties = new Fields { [new Symbol("com.microsoft:locked-until-utc")] = consumer.SessionUntil.UtcTicks };
        Consume(queue, consumer, context);
    }

    // Thread: under the lock.
    private void Consume(FakeQueue queue, FakeConsumer consumer, AttachContext context)
    {
        queue.Consumers.Add(consumer);
        context.Link.AddClosedCallback((_, _) =>
        {
            lock (_lock)
            {
                queue.Drop(consumer);
            }
        });

        // What is asked for while another thread completes the attaching comes a second time, by that thread.
        var attacher = Environment.CurrentManagedThreadId;
        context.Complete(
            new ConsumerEndpoint(
                (credit, _) =>
                {
                    if (Environment.CurrentManagedThreadId == attacher)
                    {
                        return;
                    }

                    lock (_lock)
                    {
                        consumer.Credit += credit;
                    }

                    Work();
                },
                (message, state) =>
                {
                    Settle(queue, message, state);
                    Work();
                }),
            0);
        attacher = 0;
    }

    private void Settle(FakeQueue queue, Message message, DeliveryState state)
    {
        lock (_lock)
        {
            // A lock that is over means nothing any more.
            if (queue.Find(new Guid(message.DeliveryTag)) is not { } kept)
            {
                return;
            }

            switch (state)
            {
                case Accepted:
                    queue.Remove(kept);
                    break;
                case Rejected rejected:
                    queue.Bury(kept, (rejected.Error?.Info ?? []).Select(detail => KeyValuePair.Create((string)(Symbol)detail.Key, detail.Value)));
                    break;
                case Modified:
                    queue.Unlock(kept, counts: true);
                    break;
                case Released:
                    queue.Unlock(kept, counts: false);
                    break;
                default:
                    throw new InvalidOperationException($"The fake doesn't know {state}.");
            }
        }
    }

    private Error? Take(FakeTopic topic, Message message)
    {
        var encoded = message.Encode();
        var bytes = encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).ToArray();
        if (bytes.Length > MaxMessage)
        {
            return new Error(new Symbol("amqp:link:message-size-exceeded"));
        }

        lock (_lock)
        {
            var now = DateTimeOffset.UtcNow;
            var id = message.Properties?.MessageId ?? "";
            if (topic.Duplicates is { } window)
            {
                if (topic.Seen.TryGetValue(id, out var seen) && seen > now - window)
                {
                    // Taken, and thrown away.
                    return null;
                }

                topic.Seen[id] = now;
            }

            if (message.MessageAnnotations?[new Symbol("x-opt-scheduled-enqueue-time")] is DateTime due && due > now.UtcDateTime)
            {
                topic.Scheduled.Add((new DateTimeOffset(due, TimeSpan.Zero), bytes));
            }
            else
            {
                Spread(topic, bytes, now);
            }
        }

        Work();
        return null;
    }

    // Thread: under the lock.
    private FakeQueue QueueAt(string path)
    {
        var isDead = path.EndsWith(DeadLetters, StringComparison.Ordinal);
        var parts = (isDead ? path[..^DeadLetters.Length] : path).Split(Subscriptions);
        return parts.Length == 2 && _topics.TryGetValue(parts[0], out var topic) && topic.Subscriptions.TryGetValue(parts[1], out var queue)
            ? isDead ? queue.Dead! : queue
            : throw Refusal("amqp:not-found", $"The messaging entity '{path}' could not be found.");
    }

    private void Forget(ListenerLink link)
    {
        lock (_lock)
        {
            _links.RemoveAll(one => one.Link == link);
        }
    }

    private static AmqpException Refusal(string condition, string text) => new(new Error(new Symbol(condition)) { Description = text });

    private sealed class RequestEndpoint(Func<Message, Error?> take) : LinkEndpoint
    {
        public override void OnMessage(MessageContext messageContext)
        {
            if (take(messageContext.Message) is { } error)
            {
                messageContext.Complete(error);
            }
            else
            {
                messageContext.Complete();
            }
        }

        public override void OnFlow(FlowContext flowContext)
        {
        }

        public override void OnDisposition(DispositionContext dispositionContext)
        {
        }
    }

    private sealed class ConsumerEndpoint(Action<int, ListenerLink> onCredit, Action<Message, DeliveryState> onEnd) : LinkEndpoint
    {
        public override void OnFlow(FlowContext flowContext) => onCredit(flowContext.Messages, flowContext.Link);

        public override void OnDisposition(DispositionContext dispositionContext)
        {
            // Clients settle what they end. When a link or its connection ends, the library makes outcomes up that nobody has sent: locks outlive links.
            if (dispositionContext.Settled && !dispositionContext.Link.IsClosed && dispositionContext.State != ContextState.Aborted)
            {
                onEnd(dispositionContext.Message, dispositionContext.DeliveryState);
            }
        }
    }
}
