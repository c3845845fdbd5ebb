# Completion of kthena for PowerShell. Load it with: kthena completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName kthena -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @()
    $current = ''
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        $extent = $element.Extent
        if ($extent.StartOffset -ge $cursorPosition) { break }
        if ($extent.EndOffset -ge $cursorPosition) {
            $current = $extent.Text.Substring(0, $cursorPosition - $extent.StartOffset).TrimStart("'", '"')
            break
        }
        $words += $extent.Text.Trim("'", '"')
    }

    & kthena __complete @words ":$current" 2>$null | ForEach-Object {
        $text, $description = $_ -split "`t", 2
        if ([string]::IsNullOrEmpty($description)) { $description = $text }
        # Whatever means something to PowerShell goes into quotes.
        $shown = if ($text -match '^[\w./=:+-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($shown, $text, 'ParameterValue', $description)
    }
}
