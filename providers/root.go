package providers

// asRoot has the program of a plan run as root, for what the program does at its start. Edition 1.39 says nothing of the user.
func (o *Output) asRoot(app App, does string) {
	if !app.choosesVersions() || o.Plan.Start == nil {
		return
	}
	o.Plan.Start.User = new("root")
	o.Reasons = append(o.Reasons, byDefault(does).decided("start", "user", "root"))
}
