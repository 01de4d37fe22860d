using CsCheck;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Tests.Fakes;
using k8s.Autorest;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>Anything may happen in any order: crashes, conflicts, caches that stand still, agents that come, end and vanish, people
/// who delete and edit. What must hold, holds all the way and at the end.</summary>
public sealed class InterleavingPropertyTests
{
    [Test]
    public Task Whatever_happens_in_whatever_order_one_agent_works_and_the_end_is_true_and_final() =>
        Gen.OneOf(AnyDay.Array[1, 40], QuietDay.Array[1, 40]).SampleAsync(
            async steps =>
            {
                var play = new Happenings();
                foreach (var step in steps)
                {
                    await play.DoAsync(step);
                    play.CheckInvariants();
                }

                await play.CalmDownAsync();
            },
            iter: 1000);

    private enum Step
    {
        Reconcile, WaitSeconds, WaitMinutes, AgentGoesOn, AgentFails, FreezeJobs, FreezeAgentPods, FreezeCheckpoints, Thaw, Annotate,
        AgentDies, CrashBeforeWrite, CrashAfterWrite, LosePods, DeleteJob, DeletePlan, ChangeSpec,
    }

    // Weights, so that captures often come far enough for something to go wrong late.
    private static readonly Gen<Step> QuietDay = Gen.Frequency(
        (6, Gen.Const(Step.Reconcile)),
        (3, Gen.Const(Step.WaitSeconds)),
        (2, Gen.Const(Step.WaitMinutes)),
        (6, Gen.Const(Step.AgentGoesOn)),
        (2, Gen.Const(Step.FreezeAgentPods)),
        (2, Gen.OneOf(Gen.Const(Step.FreezeJobs), Gen.Const(Step.FreezeCheckpoints))),
        (1, Gen.OneOf(Gen.Const(Step.Thaw), Gen.Const(Step.Annotate))));

    private static readonly Gen<Step> AnyDay = Gen.Frequency(
        (6, QuietDay), (4, Gen.Int[(int)Step.AgentFails, (int)Step.ChangeSpec].Select(i => (Step)i)));

    private sealed class Happenings
    {
        private readonly CaptureWorld _world = new();
        private readonly HashSet<string> _jobsWithAgents = [];
        private string? _final;
        private bool _saidSuccess;

        // True once something happened that may keep a success from becoming Complete.
        private bool _spoiled;

        public Happenings() => _world.Apply();

        private InMemoryCluster Cluster => _world.Cluster;

        public Task DoAsync(Step step)
        {
            switch (step)
            {
                case Step.Reconcile: return ReconcileAsync();
                case Step.WaitSeconds: return ReconcileAfterAsync(TimeSpan.FromSeconds(11));
                case Step.WaitMinutes: return ReconcileAfterAsync(TimeSpan.FromMinutes(2));
                case Step.CrashBeforeWrite: return CrashAsync(before: true);
                case Step.CrashAfterWrite: return CrashAsync(before: false);
                case Step.AgentGoesOn: LetTheAgentGoOn(Given.Said(Given.Success)); break;
                case Step.AgentFails: LetTheAgentGoOn(Given.Said(Given.Failure())); break;
                case Step.AgentDies: LetTheAgentGoOn(Given.Terminated("panic", 137, "OOMKilled")); break;
                case Step.FreezeJobs: _world.CachedJobs.Freeze(); break;
                case Step.FreezeAgentPods: _world.CachedAgentPods.Freeze(); break;
                case Step.FreezeCheckpoints: _world.CachedCheckpoints.Freeze(); break;
                case Step.Thaw: Thaw(); break;
                case Step.Annotate: _world.Apply(_world.Checkpoint); break; // A conflict for whoever has read it before.
                case Step.LosePods: Spoil(() => Cluster.AgentPods.Clear()); break;
                case Step.DeleteJob: Spoil(() => Cluster.RemoveJob(Given.Name)); break;
                case Step.DeletePlan: Spoil(() => Cluster.RemovePlan(Given.Name)); break;
                case Step.ChangeSpec: Spoil(() => _world.Apply(_world.Checkpoint with { Spec = _world.Checkpoint.Spec with { Subpath = "elsewhere" } })); break;
                default: throw new ArgumentOutOfRangeException(nameof(step));
            }

            return Task.CompletedTask;
        }

        public void CheckInvariants()
        {
            _jobsWithAgents.Count.Should().BeLessThanOrEqualTo(1, "at most one Job ever makes an agent work");
            if (!_spoiled) Cluster.JobsEver.Count.Should().BeLessThanOrEqualTo(1, "a Job is created once");
            Cluster.IdleStatusWrites.Should().Be(0, "nothing is written when nothing changed");
            if (_world.Status.Phase == Phase.Complete) _saidSuccess.Should().BeTrue("only the agent can say so");
            if (_final is not null) InMemoryCluster.JsonOf(_world.End).Should().Be(_final, "a final status never changes");
            if (_world.Checkpoint.Status is not null && Observation.IsFinal(_world.Checkpoint)) _final ??= InMemoryCluster.JsonOf(_world.End);
        }

        /// <summary>From here on all goes well, and a day and more passes.</summary>
        public async Task CalmDownAsync()
        {
            Thaw();
            _world.Restart();
            for (var i = 0; i < 12; i++)
            {
                await ReconcileAfterAsync(TimeSpan.FromSeconds(40));
                CheckInvariants();
                LetTheAgentGoOn(Given.Said(Given.Success));
            }

            _final.Should().NotBeNull("every capture comes to an end");
            if (_saidSuccess && !_spoiled) _world.Status.Phase.Should().Be(Phase.Complete, "the agent has stored all and said so");
            for (var i = 0; i < 3; i++) await ReconcileAfterAsync(TimeSpan.FromDays(2));
            await _world.SweepAsync();
            CheckInvariants();
            Cluster.Jobs.Should().BeEmpty();
            Cluster.Plans.Should().BeEmpty();
        }

        private async Task ReconcileAfterAsync(TimeSpan time)
        {
            _world.Clock.Advance(time);
            await ReconcileAsync();
        }

        private async Task ReconcileAsync()
        {
            try
            {
                await _world.ReconcileAsync();
            }
            catch (HttpOperationException)
            {
                // 409: the queue brings the key again.
            }
        }

        private async Task CrashAsync(bool before)
        {
            if (before) Cluster.BeforeWrite = _ => throw new ProcessDiedException();
            else Cluster.AfterWrite = _ => throw new ProcessDiedException();
            try
            {
                await ReconcileAsync();
            }
            catch (ProcessDiedException)
            {
                _world.Restart();
                Thaw(); // A new process lists anew.
            }
            finally
            {
                Cluster.BeforeWrite = Cluster.AfterWrite = _ => { };
            }
        }

        private void Thaw()
        {
            _world.CachedJobs.Thaw();
            _world.CachedAgentPods.Thaw();
            _world.CachedCheckpoints.Thaw();
        }

        private void Spoil(Action act)
        {
            if (Cluster.Jobs.Count == 0) return;
            _spoiled = true;
            act();
        }

        private void LetTheAgentGoOn(V1ContainerState end)
        {
            if (Cluster.Jobs.Values.FirstOrDefault() is not { } job || job.Seen().End is not null) return;
            switch (Cluster.AgentPods.FirstOrDefault())
            {
                case null:
                    Cluster.MakeAgentPod(job);
                    _jobsWithAgents.Add(job.Metadata.Uid);
                    break;
                case { Status.ContainerStatuses: null } pod:
                    Cluster.Report(pod, Given.Running);
                    break;
                case { Status.Phase: "Running" } pod:
                    Cluster.Report(pod, end);
                    _saidSuccess |= end.Terminated.ExitCode == 0;
                    break;
                case { } pod:
                    Cluster.End(job, pod.Status.Phase == "Succeeded" ? "Complete" : "Failed");
                    break;
            }
        }
    }
}
