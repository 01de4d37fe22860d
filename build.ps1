#!/usr/bin/env pwsh
# Hands its arguments to build.cs, where the tasks are: ./build.ps1 demo, ./build.ps1 help test
& dotnet run (Join-Path $PSScriptRoot 'build.cs') -- @args
exit $LASTEXITCODE
