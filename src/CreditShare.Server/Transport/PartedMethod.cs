using System.Diagnostics;
using Grpc.Core;

namespace CreditShare.Server.Transport;

/// <summary>One method of a generated service, parted from the others, so that it can be bound with messages of another type than the generated ones:
/// the service's <see cref="BindServiceMethodAttribute"/> names a method that binds the others, and an <c>IServiceMethodProvider</c> binds this one.</summary>
/// <typeparam name="TRequest">The generated request, by which and by the answer the method is found: no two methods share them.</typeparam>
/// <typeparam name="TResponse">The generated answer.</typeparam>
internal sealed class PartedMethod<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Action<ServiceBinderBase> _bindAll;
    private readonly Method<TRequest, TResponse> _generated;

    /// <param name="bindAll">The generated binding of the whole service.</param>
    public PartedMethod(Action<ServiceBinderBase> bindAll)
    {
        Method<TRequest, TResponse>? generated = null;
        _bindAll = bindAll;
        bindAll(new Binder(found => generated = found, others: null));
        _generated = generated ?? throw new UnreachableException("The service has no such method.");
    }

    /// <summary>Writes and reads the generated request.</summary>
    public Marshaller<TRequest> Requests => _generated.RequestMarshaller;

    /// <summary>Writes and reads the generated answer.</summary>
    public Marshaller<TResponse> Answers => _generated.ResponseMarshaller;

    /// <summary>The same method with other messages.</summary>
    public Method<TOwnRequest, TOwnResponse> With<TOwnRequest, TOwnResponse>(Marshaller<TOwnRequest> requests, Marshaller<TOwnResponse> answers) =>
        new(_generated.Type, _generated.ServiceName, _generated.Name, requests, answers);

    /// <summary>Binds the service's other methods as the generated code does.</summary>
    public void BindOthers(ServiceBinderBase binder) => _bindAll(new Binder(_ => { }, binder));

    private sealed class Binder(Action<Method<TRequest, TResponse>> parted, ServiceBinderBase? others) : ServiceBinderBase
    {
        public override void AddMethod<TIn, TOut>(Method<TIn, TOut> method, UnaryServerMethod<TIn, TOut>? handler)
        {
            if (!IsParted(method)) others?.AddMethod(method, handler!);
        }

        public override void AddMethod<TIn, TOut>(Method<TIn, TOut> method, ClientStreamingServerMethod<TIn, TOut>? handler)
        {
            if (!IsParted(method)) others?.AddMethod(method, handler!);
        }

        public override void AddMethod<TIn, TOut>(Method<TIn, TOut> method, ServerStreamingServerMethod<TIn, TOut>? handler)
        {
            if (!IsParted(method)) others?.AddMethod(method, handler!);
        }

        public override void AddMethod<TIn, TOut>(Method<TIn, TOut> method, DuplexStreamingServerMethod<TIn, TOut>? handler)
        {
            if (!IsParted(method)) others?.AddMethod(method, handler!);
        }

        private bool IsParted(IMethod method)
        {
            if (method is not Method<TRequest, TResponse> found) return false;

            parted(found);
            return true;
        }
    }
}
