using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Subscriptions;

/// <summary>How changes travel, as options.</summary>
internal sealed class DeliveryOptions
{
    private readonly Option<string?> _displayName = Values.Text("--display-name", "A name for people.");
    private readonly Option<string?> _webhook = Values.Text("--webhook", "Post to this address, https://….", "URL");
    private readonly Option<string[]> _secrets = new("--secret-file")
    {
        Description = "A file with a secret, whsec_…, that signs; twice while rotating. Left out at creation: one is made and told.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _grpc = Values.Text("--grpc", "Call the ChangeReceiver there, https://host:port.", "URL");
    private readonly Option<string?> _key = Values.Text("--server-key", "SHA-256 of the receiver's public key info, 64 hexadecimal digits.", "SHA256");

    internal void AddTo(Command command)
    {
        Option[] all = [_displayName, _webhook, _secrets, _grpc, _key];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            var isWebhook = result.GetResult(_webhook) is not null || result.GetResult(_secrets) is not null;
            var isGrpc = result.GetResult(_grpc) is not null || result.GetResult(_key) is not null;
            if (isWebhook && isGrpc) result.AddError("Give --webhook with --secret-file, or --grpc with --server-key.");
        });
    }

    /// <summary>Puts what was given into a subscription; pull if nothing was.</summary>
    /// <returns>The paths of the fields that were given.</returns>
    internal async Task<IReadOnlyList<string>> ApplyToAsync(Subscription subscription, Invocation run, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        if (Given(_displayName, "display_name")) subscription.DisplayName = run.Get(_displayName);
        if (run.Has(_grpc) || run.Has(_key))
        {
            subscription.Grpc = new GrpcDelivery { Endpoint = run.Get(_grpc) ?? "", ServerSpkiSha256 = run.Get(_key) ?? "" };
            Given(_grpc, "grpc.endpoint");
            Given(_key, "grpc.server_spki_sha256");
        }
        else if (run.Has(_webhook) || run.Has(_secrets))
        {
            subscription.Webhook = new WebhookDelivery { Url = run.Get(_webhook) ?? "" };
            Given(_webhook, "webhook.url");
            Given(_secrets, "webhook.secrets");
            foreach (var file in run.Get(_secrets) ?? [])
            {
                subscription.Webhook.Secrets.Add((await File.ReadAllTextAsync(run.PathOf(file), cancellationToken)).Trim());
            }
        }
        else
        {
            subscription.Pull = new PullDelivery();
        }

        return paths;

        bool Given(Option option, string path)
        {
            if (run.Has(option)) paths.Add(path);
            return run.Has(option);
        }
    }
}
